// A canvas to draw on with a mouse, a pen or a finger.
//
// The server says what the canvas begins with; each stroke that is drawn after that gets a number,
// higher than any before. So whatever crosses on the way, a stroke and a press of "Clear" for one,
// both sides agree on what is on the canvas: the newest beginning, and every stroke whose number is
// above the last one that the beginning already accounts for.
//
// A stroke is reported as soon as the pen is lifted, and kept in the tab's storage before that.

const STORAGE = "digitrec_"
const TOOLS = ["undo", "redo", "clear"]
const CLOSE = 0.4 // Points that are closer than this, in pixels, say nothing new.

class Canvas {
    beginning = { session: null, objects: [], seen: 0 }
    drawn = []
    pen = null
    pressed = [] // When a tool was: a stroke and a press may reach the server as one.
    last = 0

    constructor(element) {
        this.element = element
        this.onClick = event => this.note(event)
        document.addEventListener("click", this.onClick, true)
        element.onpointerdown = event => this.lower(event)
        element.onpointermove = event => this.move(event)
        element.onpointerup = element.onpointercancel = event => this.lift(event)
    }

    update(data, report) {
        const { session, generation } = this.beginning
        const next = data.beginning
        Object.assign(this, { data, report })
        if (next.session !== session || next.generation !== generation) this.begin(next)
        this.paint()
        return this
    }

    begin(next) {
        const isSameSession = next.session === this.beginning.session
        const known = isSameSession ? this.drawn : this.kept(next.session)
        this.drawn = known.filter(stroke => stroke.number > next.seen)
        this.beginning = next
        this.pressed = []
        // What an earlier session left stays until it was read, or something takes its place.
        if (isSameSession || this.shown().length) this.keep()
        if (this.drawn.length && !this.pen) this.tell()
    }

    shown() {
        return [...this.beginning.objects, ...this.drawn]
    }

    lower(event) {
        if (this.pen || event.button !== 0) return
        this.element.setPointerCapture(event.pointerId)
        const points = [this.place(event)]
        this.pen = { id: event.pointerId, width: this.data.pen_width, points }
        this.paint()
    }

    move(event) {
        if (this.pen?.id !== event.pointerId) return
        const [x, y] = this.place(event)
        const [lastX, lastY] = this.pen.points.at(-1)
        if (Math.hypot(x - lastX, y - lastY) < CLOSE) return
        this.pen.points.push([x, y])
        this.paint()
    }

    lift(event) {
        if (this.pen?.id !== event.pointerId) return
        this.end()
        this.tell()
    }

    end() {
        if (!this.pen) return
        this.drawn.push({ ...strokeOf(this.pen), number: this.number() })
        this.pen = null
        this.paint()
        this.keep()
    }

    note({ target }) {
        const at = tool => target.closest?.(`.st-key-${this.data.name}_${tool} button`)
        if (TOOLS.some(at)) this.pressed.push(this.number())
    }

    number() {
        this.last = Math.max(Date.now(), this.last + 1, this.beginning.seen + 1)
        return this.last
    }

    leave() {
        document.removeEventListener("click", this.onClick, true)
        this.end()
    }

    place(event) {
        const box = this.element.getBoundingClientRect()
        const scale = this.element.width / box.width
        return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale]
    }

    tell() {
        const { session, generation } = this.beginning
        const { drawn: objects, pressed } = this
        const data = this.element.toDataURL("image/png")
        this.report("drawing", { session, generation, pressed, raw: { objects }, data })
    }

    keep() {
        const { session } = this.beginning
        const kept = { session, person: this.data.person, objects: this.shown() }
        try {
            sessionStorage.setItem(STORAGE + this.data.name, JSON.stringify(kept))
        } catch {} // A browser may forbid storage, or have no more of it.
    }

    kept(session) {
        try {
            const kept = JSON.parse(sessionStorage.getItem(STORAGE + this.data.name))
            return kept?.session === session ? kept.objects : []
        } catch {
            return []
        }
    }

    paint() {
        const { width, height, ink, paper } = this.data
        const { element } = this
        if (element.width !== width) element.width = width
        if (element.height !== height) element.height = height
        const context = element.getContext("2d")
        context.fillStyle = paper
        context.fillRect(0, 0, width, height)
        Object.assign(context, { strokeStyle: ink, lineCap: "round", lineJoin: "round" })
        const strokes = this.shown()
        for (const stroke of this.pen ? [...strokes, strokeOf(this.pen)] : strokes) {
            context.lineWidth = stroke.strokeWidth
            context.stroke(lineOf(stroke.path))
        }
    }
}

// Curves through the middles between the points smooth what the hand did.
function strokeOf({ points, width }) {
    const [first, ...rest] = points
    const curves = rest.slice(0, -1).map(([x, y], i) => {
        const [nextX, nextY] = rest[i + 1]
        return ["Q", x, y, (x + nextX) / 2, (y + nextY) / 2]
    })
    const path = [["M", ...first], ...curves, ["L", ...(rest.at(-1) ?? first)]]
    return { type: "Path", path, strokeWidth: width }
}

function lineOf(path) {
    const line = new Path2D()
    for (const [command, ...at] of path) {
        if (command === "M") line.moveTo(...at)
        if (command === "Q") line.quadraticCurveTo(...at)
        // A line that ends where it begins would not be drawn.
        if (command === "L") line.lineTo(at[0] + 0.01, at[1])
    }
    return line
}

const canvases = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
    const element = parentElement.querySelector("canvas")
    if (!canvases.has(element)) canvases.set(element, new Canvas(element))
    const canvas = canvases.get(element).update(data, setStateValue)
    return () => canvas.leave()
}
