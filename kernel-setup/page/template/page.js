(() => {
"use strict"
// The theme, before anything is drawn.
const root = document.documentElement
const system = matchMedia("(prefers-color-scheme: dark)")
const systemTheme = () => system.matches ? "dark" : "light"
const memory = {
	get() { try { return localStorage.getItem("theme") } catch { return null } },
	set(theme) { try { theme ? localStorage.setItem("theme", theme) : localStorage.removeItem("theme") } catch {} },
}
const theme = () => root.dataset.theme || systemTheme()
if (["light", "dark"].includes(memory.get())) root.dataset.theme = memory.get()

document.addEventListener("DOMContentLoaded", () => {
	const all = selector => [...document.querySelectorAll(selector)]
	const status = document.getElementById("status")

	const button = document.querySelector("button.theme")
	const other = () => theme() === "dark" ? "light" : "dark"
	const name = () => { button.textContent = other() === "dark" ? "Dark" : "Light"; button.setAttribute("aria-label", `Switch to the ${other()} theme`) }
	button.hidden = false
	button.addEventListener("click", () => {
		const chosen = other()
		// Who chooses what the system has goes with the system again.
		if (chosen === systemTheme()) { delete root.dataset.theme; memory.set(null) } else { root.dataset.theme = chosen; memory.set(chosen) }
		name()
	})
	system.addEventListener("change", name)
	name()

	async function copy(text) {
		try {
			await navigator.clipboard.writeText(text)
		} catch { // a page that came by plain HTTP has no clipboard
			const area = Object.assign(document.createElement("textarea"), {value: text})
			document.body.append(area)
			area.select()
			document.execCommand("copy")
			area.remove()
		}
	}
	for (const button of all("button.copy")) {
		const code = button.closest(".code")
		button.hidden = false
		button.setAttribute("aria-label", `Copy the ${code.querySelector(".language").textContent} code`)
		button.addEventListener("click", async () => {
			await copy(code.querySelector("pre").textContent)
			button.focus()
			button.textContent = status.textContent = "Copied"
			setTimeout(() => { button.textContent = "Copy"; status.textContent = "" }, 2000)
		})
	}

	// What is wider than the screen can be scrolled with the keyboard; nothing else is a stop of the Tab key.
	const wide = all("pre, .scroll, figure")
	const names = {PRE: "Code or output", FIGURE: "Figure", DIV: "Table"}
	const sizes = new ResizeObserver(entries => {
		for (const {target} of entries) {
			if (target.scrollWidth > target.clientWidth) {
				target.tabIndex = 0
				target.setAttribute("role", "group")
				target.setAttribute("aria-label", `${names[target.tagName]}, wider than the page`)
			} else {
				for (const attribute of ["tabindex", "role", "aria-label"]) target.removeAttribute(attribute)
			}
		}
	})
	for (const element of wide) sizes.observe(element)

	// The table of contents stands beside the text where there is room; where there is none it is shut.
	const contents = document.querySelector(".contents details")
	if (contents) {
		const beside = matchMedia("(min-width: 76rem)")
		const settle = () => { contents.open = beside.matches }
		beside.addEventListener("change", settle)
		settle()
		contents.addEventListener("click", event => { if (event.target.closest("a") && !beside.matches) contents.open = false })
		const links = new Map(all(".contents a").map(a => [decodeURIComponent(a.hash.slice(1)), a]))
		const headings = all("main h1, main h2, main h3").filter(h => links.has(h.id))
		let current
		const mark = () => {
			const reached = headings.findLast(h => h.getBoundingClientRect().top < innerHeight / 4)
			if (reached === current) return
			if (current) links.get(current.id).removeAttribute("aria-current")
			current = reached
			if (current) links.get(current.id).setAttribute("aria-current", "true")
		}
		addEventListener("scroll", mark, {passive: true})
		mark()
	}

	// The first page finds headings, constructs and Python's names, all of which are in the page itself.
	const form = document.querySelector("form.search")
	if (form) {
		const index = JSON.parse(document.getElementById("index").textContent)
		const field = form.querySelector("input"), found = form.querySelector(".found")
		const item = (...content) => { const li = document.createElement("li"); li.append(...content); return li }
		form.hidden = false
		form.addEventListener("submit", event => { event.preventDefault(); found.querySelector("a")?.click() })
		field.addEventListener("input", () => {
			const words = field.value.toLowerCase().split(/\s+/).filter(Boolean)
			const rank = text => (text.toLowerCase() === words.join(" ") ? 0 : text.toLowerCase().startsWith(words[0]) ? 1 : 2)
			const hits = index.filter(([text]) => words.every(w => text.toLowerCase().includes(w))).sort((a, b) => rank(a[0]) - rank(b[0]))
			found.replaceChildren(...(words.length ? hits : []).slice(0, 20).map(([text, title, href]) => {
				const a = Object.assign(document.createElement("a"), {href, textContent: text})
				return text === title ? item(a) : item(a, ` in ${title}`)
			}))
			if (words.length && !hits.length) found.append(item("Nothing has this in its name."))
		})
	}

	// On paper nothing can be opened.
	let shut = []
	addEventListener("beforeprint", () => { shut = all("main details:not([open])"); for (const d of shut) d.open = true })
	addEventListener("afterprint", () => { for (const d of shut) d.open = false })
})
})()
