// Replays a drawing with the answer at each moment, by mouse, finger and keyboard.

const FRAME_MS = 220

export default function ({ data, parentElement }) {
    const find = selector => parentElement.querySelector(selector)
    const [root, slider, button] = [find(".replay"), find("input"), find("button")]
    const { width, height, strokes, names, moments } = JSON.parse(data)
    const isNew = root.data !== data
    if (isNew) {
        root.data = data
        find("svg").setAttribute("viewBox", `0 0 ${width} ${height}`)
        find("svg").replaceChildren(...strokes.map(inked))
        find(".bars").replaceChildren(...names.flatMap(bar))
        slider.max = moments.length
    }
    let timer = 0

    function show(moment) {
        const { drawn, shares, words } = moments[moment - 1]
        const paths = find("svg").children
        strokes.forEach(({ points }, i) => paths[i].setAttribute("d", line(points.slice(0, drawn[i]))))
        find(".bars").querySelectorAll("i").forEach((each, i) => each.style.width = `${shares[i]}%`)
        slider.value = moment
        find("output").textContent = `Moment ${moment} of ${moments.length}: ${words}`
        slider.setAttribute("aria-valuetext", find("output").textContent)
    }

    function play(isOn) {
        clearInterval(timer)
        timer = isOn ? setInterval(() => show(slider.value % moments.length + 1), FRAME_MS) : 0
        root.classList.toggle("playing", isOn)
        button.setAttribute("aria-label", isOn ? "Pause" : "Play")
    }

    button.onclick = () => play(!timer)
    slider.oninput = () => {
        play(false)
        show(+slider.value)
    }
    show(isNew ? moments.length : +slider.value)
    play(false)
    return () => play(false)
}

function inked({ width }) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
    path.setAttribute("stroke-width", width)
    return path
}

function line(points) {
    return points.length ? `M${points.join("L")}L${points.at(-1)}` : ""
}

function bar(name) {
    const [label, track] = [document.createElement("span"), document.createElement("span")]
    label.textContent = name
    track.className = "track"
    track.append(document.createElement("i"))
    return [label, track]
}
