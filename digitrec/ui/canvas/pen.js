// Records the strokes that people draw on the drawing package's canvas, which shows the ink.
//
// The server sends a beginning: the strokes that the canvas starts with. Each later stroke gets a
// number higher than any before. The drawing is the newest beginning plus every stroke with a
// number above the beginning's "seen". So both sides agree on the drawing even if messages cross,
// for example a stroke and a press of "Clear".
//
// When the pen is lifted, the stroke is saved in the tab's storage and reported. If a new beginning
// erases newer strokes from the package's canvas, the report says so, and the server sends another
// beginning that includes them.

// A finished drawing is shown above the canvas until the next stroke, and so are the boxes around the
// digits of a number.

const STORAGE = "digitrec_"
const LABELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(label => `label_${label}`)
const TOOLS = ["undo", "redo", "clear", "save", ...LABELS]
// The tools' shortcuts, besides the digits.
const KEYS = { Delete: "clear", Enter: "save", n: "label_10", N: "label_10" }
const CLOSE = 0.4 // Points closer than this, in pixels, are skipped.
const LONGEST_WAIT_MS = 5000 // For the server to enable a button whose key was pressed.

// Shows the package's canvas, which is hidden until the pen follows the strokes, scales it to its
// column, and hides the package's own tools, which would bypass the numbering.
const STYLE = new CSSStyleSheet()
STYLE.replaceSync(`
    .dc-toolbar { display: none !important }
    .dc-canvas { outline: none !important }
    .dc-scroll { overflow: hidden !important }
    .dc-root { visibility: visible !important; position: absolute !important; inset: 0 }
    .dc-root, .dc-scroll, .dc-container, .canvas-container, canvas {
        width: 100% !important; height: 100% !important; max-height: none !important;
    }
    .overlay { position: absolute; inset: 0; width: 100%; height: 100%; z-index: 20; pointer-events: none }
`)

// The events that the package draws with, captured before they reach it.
const EVENTS = {
    mousedown: "lower", mousemove: "move", mouseup: "lift",
    touchstart: "lower", touchmove: "move", touchend: "lift", touchcancel: "drop",
    click: "noteClick", keydown: "noteKey",
}

class Pen {
    beginning = { session: null, strokes: [], seen: 0 }
    drawn = []
    line = null // The current stroke while the pen is down.
    pressed = [] // The numbers of tool presses: a stroke and a press may be reported together.
    isWaiting = false // For a button to be enabled.
    last = 0
    updates = 0

    handleEvent(event) {
        this[EVENTS[event.type]](event)
    }

    update(data, report) {
        const { session, generation, seen, strokes } = data
        const last = this.beginning
        Object.assign(this, { data, report })
        for (const event in EVENTS) document.addEventListener(event, this, true)
        if (session !== last.session || generation !== last.generation) {
            this.begin({ session, generation, seen, strokes })
        }
        this.meet()
        this.showOverlay()
        const update = ++this.updates
        // Streamlit also runs the cleanup of an update that a newer one has replaced.
        return () => update === this.updates && this.leave()
    }

    begin(next) {
        const isSameSession = next.session === this.beginning.session
        const known = isSameSession ? this.drawn : this.kept(next.session)
        this.drawn = known.filter(stroke => stroke.number > next.seen)
        this.beginning = next
        this.pressed = []
        // Keep an earlier session's strokes until they are read or replaced.
        if (isSameSession || this.all().length) this.keep()
        this.isNew = true
    }

    // Waits until the package shows the beginning.
    meet() {
        cancelAnimationFrame(this.frame)
        const tree = this.tree()
        if (tree && !tree.adoptedStyleSheets.includes(STYLE)) tree.adoptedStyleSheets.push(STYLE)
        if (generationIn(tree) !== this.beginning.generation) {
            this.frame = requestAnimationFrame(() => this.meet())
        } else if (this.isNew) {
            this.isNew = false
            this.showOverlay()
            if (this.isWiped() && !this.line) this.tell()
        }
    }

    tree() {
        const isolated = `.st-key-${this.data.name}_canvas [data-testid=stBidiComponentIsolated]`
        return document.querySelector(isolated)?.shadowRoot
    }

    isWiped() {
        return this.drawn.some(stroke => stroke.generation !== this.beginning.generation)
    }

    all() {
        return [...this.beginning.strokes, ...this.drawn]
    }

    lower(event) {
        const canvas = event.composedPath()[0]
        const tree = this.tree()
        if (!tree?.contains(canvas) || !canvas.matches("canvas.upper-canvas")) return
        const id = hand(event).identifier
        if (event.button || (this.line && this.line.id !== id)) return
        if (this.line) this.leaveOff()
        const stroke = { width: this.data.pen_width, points: [], generation: generationIn(tree) }
        this.line = { id, canvas, stroke }
        this.showOverlay()
        this.add(event)
    }

    move(event) {
        if (this.line && hand(event).identifier === this.line.id) this.add(event)
    }

    add(event) {
        const { canvas, stroke: { points } } = this.line
        const box = canvas.getBoundingClientRect()
        if (!box.width) return
        const { clientX, clientY } = hand(event)
        const scale = this.data.size[0] / box.width
        const [x, y] = [(clientX - box.left) * scale, (clientY - box.top) * scale].map(rounded)
        // With Shift the package draws a straight line.
        if (event.shiftKey && points.length > 1) points.pop()
        const last = points.at(-1)
        if (!last || Math.hypot(x - last[0], y - last[1]) >= CLOSE) points.push([x, y])
    }

    lift(event) {
        if (!this.line || event.button || event.touches?.length) return
        this.end()
        this.tell()
    }

    // A finger touched again while another one was down: the package drops the current line.
    leaveOff() {
        this.line.stroke.generation = null
        this.end()
    }

    // The package drops the current line if the browser cancels the touch.
    drop() {
        if (!this.line) return
        this.line = null
        this.tell()
    }

    end() {
        if (!this.line) return
        this.drawn.push({ ...this.line.stroke, number: this.number() })
        this.line = null
        this.keep()
    }

    noteClick({ target, isTrusted }) {
        const at = tool => target.closest?.(`.st-key-${this.data.name}_${tool} button`)
        if (isTrusted && TOOLS.some(at)) this.pressed.push(this.number())
    }

    noteKey(event) {
        const { key, repeat } = event
        const [focused] = event.composedPath()
        if (repeat || focused.matches?.("input, textarea, [contenteditable]")) return
        // Enter presses the button that has the focus; see keyboard.py.
        if (key === "Enter" && focused.closest?.("a, button, summary")) return
        const tool = CSS.escape(KEYS[key] ?? `label_${key}`)
        const find = () => document.querySelector(`.st-key-${this.data.name}_${tool} button`)
        const found = find()
        if (!found || (found.disabled && !this.drawn.length)) return
        this.pressed.push(this.number())
        if (found.disabled) this.pressWhenEnabled(find, this.last)
    }

    // The page doesn't know yet that there is something new to save or clear. Strokes that are drawn
    // meanwhile are told after the press.
    pressWhenEnabled(find, number) {
        const end = performance.now() + LONGEST_WAIT_MS
        this.isWaiting = true
        const look = () => {
            const found = find(), isEnabled = found && !found.disabled
            if (!isEnabled && performance.now() < end) {
                this.looking = requestAnimationFrame(look)
                return
            }
            if (isEnabled) found.click()
            else this.pressed = this.pressed.filter(pressed => pressed !== number)
            this.isWaiting = false
            this.tell()
        }
        look()
    }

    // Shows the finished drawing, or the boxes, as long as they belong to what the canvas shows.
    showOverlay() {
        const container = this.tree()?.querySelector(".dc-container")
        if (!container) return
        const [width, height] = this.data.size
        const overlay = container.querySelector(".overlay") ?? element("svg", { class: "overlay" })
        overlay.setAttribute("viewBox", `0 0 ${width} ${height}`)
        container.append(overlay)
        const { finished, boxes, ink } = this.data
        const isDrawing = this.line || this.drawn.length
        const shown = [...(isDrawing ? [] : finished.map(stroke => inked(stroke, ink)))]
        // A label stays readable where the canvas is small.
        const size = Math.max(20, 13 * width / (overlay.clientWidth || width))
        if (!this.line) shown.push(...boxes.flatMap(box => boxed(box, size, height)))
        overlay.replaceChildren(...shown)
    }

    number() {
        this.last = Math.max(Date.now(), this.last + 1, this.beginning.seen + 1)
        return this.last
    }

    leave() {
        for (const event in EVENTS) document.removeEventListener(event, this, true)
        cancelAnimationFrame(this.frame)
        cancelAnimationFrame(this.looking)
        this.isWaiting = false
        this.end()
    }

    tell() {
        if (this.isWaiting) return
        const { session, generation } = this.beginning
        const { drawn: strokes, pressed } = this
        this.report("drawing", { session, generation, pressed, strokes, wiped: this.isWiped() })
    }

    keep() {
        const { session } = this.beginning
        const kept = { session, person: this.data.person, strokes: this.all() }
        try {
            sessionStorage.setItem(STORAGE + this.data.name, JSON.stringify(kept))
        } catch {} // Storage may be forbidden or full.
    }

    kept(session) {
        try {
            const kept = JSON.parse(sessionStorage.getItem(STORAGE + this.data.name))
            return kept?.session === session ? kept.strokes : []
        } catch {
            return []
        }
    }
}

// The server passes the generation as the canvas's maximum height.
function generationIn(tree) {
    return parseInt(tree?.querySelector(".dc-scroll")?.style.maxHeight)
}

function element(name, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    return made
}

// Curves as the package draws them: through the middles between the points.
function inked({ points, width }, ink) {
    const curves = points.slice(1, -1).map(([x, y], index) => {
        const [nextX, nextY] = points[index + 2]
        return `Q${x} ${y} ${(x + nextX) / 2} ${(y + nextY) / 2}`
    })
    return element("path", {
        d: `M${points[0]}${curves.join("")}L${points.at(-1)}`, fill: "none", stroke: ink,
        "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round",
    })
}

function boxed({ corners: [left, top, right, bottom], text, color }, size, height) {
    const box = element("rect", {
        x: left, y: top, width: right - left, height: bottom - top, rx: 4,
        fill: "none", stroke: color, "stroke-width": 2,
    })
    // The label stands above the box, else below it, else in it.
    const places = [top - 5, bottom + size, top + size]
    const y = places.find(y => size <= y && y <= height - 5) ?? places[2]
    const label = element("text", { x: Math.max(left, 0) + 2, y, fill: color, "font-size": size })
    label.textContent = text
    return [box, label]
}

function hand(event) {
    return event.changedTouches?.[0] ?? event
}

function rounded(place) {
    return Math.round(100 * place) / 100
}

// If a newer update replaces one, Streamlit removes the older one's canvas at once. When the package
// then tries to clear that canvas, it fails, which does no harm.
addEventListener("unhandledrejection", event => {
    const isGone = /clearContext.*streamlit-drawable-canvas/.test(event.reason?.stack)
    if (isGone) event.preventDefault()
})

const pens = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
    if (!pens.has(parentElement)) pens.set(parentElement, new Pen())
    return pens.get(parentElement).update(data, setStateValue)
}
