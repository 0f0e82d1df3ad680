const greetings = asSet(`
  halo hallo hai hay hi hello hey hei p ping tes test permisi punten selamat pagi siang sore malam malem
  assalamualaikum assalamu alaikum assalamualaykum askum good morning afternoon evening
`)

const companions = asSet(`
  kak kakak min admin gan agan bro sis om mas mbak bang bos boss sist ya dong deh nih aja saja semua all
  there day saya aku dulu wr wb warahmatullahi wabarakatuh apa kabar toko shop please tolong
`)

const nods = asSet("ok oke okay okey sip siap")

/** Nothing but greetings and the polite words around them: `Selamat pagi kak`, `haloooo`, `P`. */
export function isGreeting(words: readonly string[]): boolean {
  const spoken = words.map(lettersOnly).filter((word) => word !== "")
  if (!spoken.some((word) => greetings.has(word))) return false
  return spoken.every((word) => greetings.has(word) || companions.has(word))
}

/** Nothing but a greeting, thanks or a nod, which is no name of anybody. */
export function isCourtesy(words: readonly string[]): boolean {
  const spoken = words.map(lettersOnly).filter((word) => word !== "")
  const isNod = spoken.some((word) => nods.has(word))
  return (
    isGreeting(words) ||
    saysThanks(words) ||
    (isNod && spoken.every((word) => nods.has(word) || companions.has(word)))
  )
}

const thanks = asSet(`
  makasih makasi makasii mksh mksih mkasih trims trim terimakasih tengkyu thanks thank thankyou thx thnx tq ty
  terima kasih trima ksh you u
`)

/** What can't stand for thanks alone. */
const partsOfThanks = asSet("terima trima kasih ksh you u")
const besideThanks = asSet("banyak banget bgt so very much many a lot atas bantuannya for help the your")

/** Nothing but thanks and the polite words around them: `makasih banyak ya kak`, `terima kasih`, `tq`. */
export function saysThanks(words: readonly string[]): boolean {
  const spoken = words.map(lettersOnly).filter((word) => word !== "")
  const said = spoken.filter((word) => thanks.has(word))
  const isSaid =
    said.some((word) => !partsOfThanks.has(word)) || /^t(?:e)?rima (?:kasih|ksh)$/.test(said.join(" "))
  return isSaid && spoken.every((word) => thanks.has(word) || besideThanks.has(word) || companions.has(word))
}

/** Takes the polite words off the end: `saldo dong kak` is `saldo`. */
export function withoutPoliteness(words: readonly string[]): readonly string[] {
  const last = words.findLastIndex((word) => !companions.has(lettersOnly(word)))
  return words.slice(0, last + 1)
}

/** Repeated letters count once, so that `haloooo` is `halo`. */
function lettersOnly(word: string): string {
  return word
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "")
    .replace(/(.)\1+/g, "$1")
}

function asSet(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/).map(lettersOnly))
}
