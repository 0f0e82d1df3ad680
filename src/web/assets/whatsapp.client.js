/* The page of the shop's WhatsApp: asks how it is, and has the server draw what changed. */
const look_every_ms = 2_000
/* Not the page's own address: after a number that is none, that is the form's. */
const address = "/whatsapp"

let page = document.querySelector("main")
let known
let looking = false

const announce = (text) => {
  document.querySelector("#announcement").textContent = text
}

async function look() {
  if (looking || document.hidden) return
  looking = true
  try {
    const response = await fetch(address, { headers: { Accept: "application/json" } })
    if (!response.ok) return
    const state = await response.text()
    /* The first answer may be newer than the page it came to. */
    if (state !== known && (await redraw())) known = state
  } catch {
    /* Offline for a moment: the next look finds out. */
  } finally {
    looking = false
  }
}

async function redraw() {
  const response = await fetch(`${address}${location.search}`, { headers: { Accept: "text/html" } })
  if (!response.ok) return false
  const drawn = new DOMParser().parseFromString(await response.text(), "text/html")
  const next = drawn.querySelector("main")
  if (next.dataset.kind === page.dataset.kind) redrawParts(next)
  else redrawWhole(next, drawn.title)
  return true
}

/* What somebody is typing stays as it is, and what is not there after a number that is none stays away. */
function redrawParts(next) {
  for (const part of next.querySelectorAll("[data-live]")) {
    const shown = document.getElementById(part.id)
    if (shown && shown.outerHTML !== part.outerHTML) shown.replaceWith(part)
  }
}

function redrawWhole(next, title) {
  page.replaceWith(next)
  page = next
  document.title = title
  const heading = page.querySelector("h1")
  announce(heading.textContent)
  heading.focus({ preventScroll: true })
  window.scrollTo({ top: 0 })
}

if (location.pathname !== address) history.replaceState(null, "", `${address}${location.search}`)
look()
setInterval(look, look_every_ms)
document.addEventListener("visibilitychange", look)
window.addEventListener("pageshow", look)
