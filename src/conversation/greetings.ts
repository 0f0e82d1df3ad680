const greetings = asSet(`
  halo hallo hai hay hi hello hey hei p ping tes test permisi punten selamat pagi siang sore malam malem
  assalamualaikum assalamu alaikum assalamualaykum askum good morning afternoon evening
`)

const companions = asSet(`
  kak kakak min admin gan agan bro sis om mas mbak bang bos boss sist ya dong deh nih aja saja semua all
  there day saya aku dulu wr wb warahmatullahi wabarakatuh apa kabar toko shop please tolong
`)

const thanks = asSet(`
  makasih makasi mksh mksih trimakasih terimakasih trims thanks thank thankyou thx tq ty tengkyu suwun nuhun
  ok oke okay okey sip siap
`)

/** Around thanks; by themselves they may be a part of a name. */
const thankful = asSet("terima kasih ksh you very much so banyak sekali ya matur hatur")

/** Nothing but greetings and the polite words around them: `Selamat pagi kak`, `haloooo`, `P`. */
export function isGreeting(words: readonly string[]): boolean {
  const spoken = words.map(lettersOnly).filter((word) => word !== "")
  if (!spoken.some((word) => greetings.has(word))) return false
  return spoken.every((word) => greetings.has(word) || companions.has(word))
}

/** Nothing but a greeting or thanks: `makasih kak`, `terima kasih banyak`. No name of anybody. */
export function isCourtesy(words: readonly string[]): boolean {
  const spoken = words.map(lettersOnly).filter((word) => word !== "")
  if (isGreeting(words)) return true
  const isThanks = spoken.some((word) => thanks.has(word)) || /^terima (?:kasih|ksh)/.test(spoken.join(" "))
  return isThanks && spoken.every((word) => [thanks, thankful, companions].some((known) => known.has(word)))
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
