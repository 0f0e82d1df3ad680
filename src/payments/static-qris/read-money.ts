/** Why what a notification says is for a person to judge. */
export type Doubt = "no_amount" | "several_amounts" | "unreadable_amount" | "not_incoming"

export type MoneyReading =
  /** Exactly one amount of whole rupiah, and nothing that says it did not come in. */
  | Readonly<{ kind: "clear"; amount: number }>
  | Readonly<{ kind: "doubtful"; doubt: Doubt; amounts: readonly number[] }>
  /** No figure, and no word of money. */
  | Readonly<{ kind: "no_money" }>

const digits_max = 12

const named = /(?<![\p{L}\d])(?:rp|idr)\.?\s*([0-9][0-9.,]*)(.?)/giu
const trailing = /(?<![\p{L}\d.,])([0-9][0-9.,]*)\s*(?:idr|rupiah)(?![\p{L}\d])/giu
/** A figure in groups of thousands without a currency: it may be the amount that is meant. */
const grouped = /(?<![\d.,])[0-9]{1,3}(?:[.,][0-9]{3})+(?:[.,][0-9]{2})?(?![\d])/g
/** `Rp 15 rb`, `Rp 1,5 juta`, `Rp 15.***`: what is written is not all of it. */
const shortened =
  /(?<![\p{L}\d])(?:rp|idr)\.?\s*[0-9][0-9.,]*\s*(?:(?:rb|ribu|k|jt|juta|m|miliar)(?!\p{L})|[*•%])/iu

const outgoing = [
  "(transfer|kirim|kiriman|pembayaran|bayar|pembelian|dikirim|terkirim|setor) (ke|kepada|untuk)",
  "(berhasil|sukses) (mengirim|kirim|transfer|membayar|bayar|tarik|ditarik|didebit)",
  "(mengirim|membayar|kamu bayar|anda bayar|dana keluar|transaksi keluar|uang keluar)",
  "(debit|didebet|didebit|terdebit|debited|tarik tunai|penarikan|withdraw\\w*)",
  "(tagihan|cicilan|pinjaman|jatuh tempo|autodebit)",
  "(refund\\w*|pengembalian|dikembalikan|reversal|dibatalkan|pembatalan|batal|cancelled|canceled)",
  "(gagal|ditolak|tertunda|pending|menunggu|failed|declined|diproses)",
  "(meminta|permintaan|minta|request\\w*)",
  "(promo\\w*|diskon|voucher|cashback|hadiah|hemat|undian|bonus)",
  "(you (sent|paid)|(sent|paid|payment|transfer) to)",
].map(wholeWords)

/** `-Rp15.037`, as lists of movements write what went out. */
const negative = /(?:^|\s)[-−](?:rp|idr)/iu

const moneyWords = [
  "(rp|idr|rupiah|uang|dana masuk|saldo|qris|transfer|payment|received)",
  "(pembayaran|bayar|terima|diterima|menerima)",
].map(wholeWords)

/**
 * Reads how much money a notification says came in. Only what has one meaning is believed: one amount, in an
 * Indonesian notation (`Rp 15.037`, `Rp15.037,00`, `IDR 15,037.00`), and no word of money that goes or waits.
 */
export function readMoney(title: string, text: string): MoneyReading {
  const words = `${title}\n${text}`.normalize("NFKC")
  const read = [...words.matchAll(named), ...words.matchAll(trailing)].map(([, figure = "", next = ""]) =>
    /\p{L}/u.test(next) ? undefined : readFigure(figure),
  )
  const loose = [...words.matchAll(grouped)].map(([figure]) => readFigure(figure))
  const amounts = [...new Set([...read, ...loose])].filter((amount) => amount !== undefined && amount > 0)
  const known = amounts.flatMap((amount) => amount ?? [])
  const says = (patterns: readonly RegExp[]) => patterns.some((pattern) => pattern.test(words))
  const doubtful = (doubt: Doubt): MoneyReading => ({ kind: "doubtful", doubt, amounts: known })
  if (read.includes(undefined) || shortened.test(words)) return doubtful("unreadable_amount")
  const [amount] = known
  if (amount === undefined) return says(moneyWords) ? doubtful("no_amount") : { kind: "no_money" }
  if (known.length > 1) return doubtful("several_amounts")
  if (!read.includes(amount)) return doubtful("no_amount")
  if (says([negative, ...outgoing])) return doubtful("not_incoming")
  return { kind: "clear", amount }
}

/** Undefined when it is not whole rupiah, or can be read in two ways. */
function readFigure(written: string): number | undefined {
  const figure = written.replace(/[.,]+$/, "")
  const whole = [
    /^([0-9]+)(?:[.,]00)?$/,
    /^([0-9]{1,3}(?:\.[0-9]{3})+)(?:,00)?$/,
    /^([0-9]{1,3}(?:,[0-9]{3})+)(?:\.00)?$/,
  ]
    .map((notation) => notation.exec(figure)?.[1])
    .find((found) => found !== undefined)
  const digits = whole?.replace(/[.,]/g, "")
  return digits === undefined || digits.length > digits_max ? undefined : Number(digits)
}

function wholeWords(words: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\d])${words}(?![\\p{L}\\d])`, "iu")
}
