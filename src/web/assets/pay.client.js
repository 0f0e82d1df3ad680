/* The payment page's life: the countdown by the server's clock, and the change to paid without a reload. */
const poll_ms = 3_000

let page = document.querySelector("main")
let offset_ms = Number(page.dataset.now) - performance.now()
let expiresAt = Number(page.dataset.expiresAt)
let refreshing = false
let announcedEnd = false

const serverNow = () => performance.now() + offset_ms
const isPending = () => page.dataset.state === "pending"
const announce = (text) => {
  document.querySelector("#announcement").textContent = text
}

function tick() {
  const countdown = page.querySelector(".countdown")
  if (!isPending() || !countdown) return
  const left_seconds = Math.max(0, Math.ceil((expiresAt - serverNow()) / 1000))
  countdown.querySelector("time").textContent = asClock(left_seconds)
  countdown.classList.toggle("soon", left_seconds <= 60)
  if (left_seconds > 0 || announcedEnd) return
  announcedEnd = true
  countdown.classList.add("over")
  countdown.querySelector("span").textContent = page.dataset.timeOver
  announce(page.dataset.timeOver)
}

function asClock(seconds) {
  const two = (number) => String(number).padStart(2, "0")
  const hours = Math.floor(seconds / 3600)
  const minutes = two(Math.floor(seconds / 60) % 60)
  return `${hours > 0 ? `${hours}:` : ""}${minutes}:${two(seconds % 60)}`
}

async function take({ state, now, expiresAt: end }) {
  offset_ms = now - performance.now()
  expiresAt = end
  if (state !== page.dataset.state) await refresh()
}

/* The server draws every state; the new drawing takes the old one's place. */
async function refresh() {
  if (refreshing) return
  refreshing = true
  try {
    const response = await fetch(location.pathname, { headers: { Accept: "text/html" } })
    if (!response.ok) return
    const drawn = new DOMParser().parseFromString(await response.text(), "text/html")
    const next = drawn.querySelector("main")
    page.replaceWith(next)
    page = next
    document.title = drawn.title
    const title = page.querySelector(".outcome-title")
    if (!title) return
    announce(title.textContent)
    title.focus({ preventScroll: true })
    window.scrollTo({ top: 0 })
  } finally {
    refreshing = false
  }
}

async function poll() {
  if (!isPending() || document.hidden) return
  try {
    const response = await fetch(`${location.pathname}/state`, { headers: { Accept: "application/json" } })
    if (response.ok) await take(await response.json())
  } catch {
    /* Offline for a moment: the next question finds out. */
  }
}

function listen() {
  const events = new EventSource(`${location.pathname}/events`)
  events.addEventListener("state", async ({ data }) => {
    await take(JSON.parse(data))
    if (!isPending()) events.close()
  })
}

tick()
if (isPending()) {
  listen()
  setInterval(tick, 500)
  setInterval(poll, poll_ms)
  document.addEventListener("visibilitychange", poll)
  window.addEventListener("pageshow", poll)
}
