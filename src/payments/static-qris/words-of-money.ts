/** Who a word is about: the one whose phone it is. */
const us = "(?:kamu|anda|you)"
const ourPlace = `(?:rekening|rek|akun|saldo|dompet|tabungan|kantong|kartu|account|balance|wallet)`
const wallet = "(?:gopay|ovo|dana|shopeepay|linkaja|bca|bri|bni|mandiri|livin|brimo|jago|seabank)"
const ours = `(?:${us}|${ourPlace}mu|${ourPlace}(?:\\s+\\S+){0,2}?\\s+${us}|your)`

/** What alone says that money came in. `Terima kasih` says nothing. */
const incoming = [
  "(diterima|menerima|terima(?! kasih)|masuk|pemasukan|dikreditkan|received|sent you)",
  // Where only a place of money is named, it may be our own.
  `(pembayaran|transfer|kiriman|uang|dana|payment|money)(\\s+(qris|sebesar|senilai|of|(rp|idr)\\.?|[\\d.,]+|` +
    `(rp|idr)\\.?[\\d.,]+)){0,4}\\s+(dari|from)(?! (?:${ours}|${ourPlace}|${wallet}))`,
].map(wholeWords)

const outgoing = [
  // An outgoing word, whatever stands between it and whom the money goes to.
  "(?<!(?:menerima|diterima|masuk|received)(?:[ \\t]+\\S+){0,3}[ \\t]+)" +
    "(transfer|kirim\\w*|pembayaran|bayar|pembelian|setor\\w*|bi-?fast|uang|dana)" +
    "(?:(?!(?:masuk|diterima|menerima|received)(?!\\p{L}))[^]){0,160}?" +
    `(?<!\\p{L})(ke|kepada|to)(?! ${ours})`,
  "(transfer|kiriman|pembayaran|bayar|pembelian|setor) untuk",
  "(berhasil|sukses) (transfer|membayar|bayar|tarik|ditarik|didebit)",
  "(kirim|mengirim|dikirim|terkirim|kirimkan|mengirimkan|dikirimkan|membayar|melakukan)",
  `${us} (bayar|transfer|patungan|beli|belanja|tarik|pakai)`,
  `(transfer|transaksi|pembayaran|kiriman|pembelian)(mu| ${us})`,
  "(keluar|pengeluaran|dipakai|digunakan|terpakai|patungan|belanja|beli|membeli|dibeli|pembelian)",
  "(terpotong|dipotong|memotong|dipindah\\w*|pemindahan|top ?up|top-up|isi (saldo|ulang|pulsa))",
  "(debit|didebet|didebit|terdebit|debited|tarik tunai|penarikan|withdraw\\w*)",
  `dari ${ours}`,
  "darimu",
  "(penerima|recipient|beneficiary)",
  // Somebody else got it.
  "(diterima|received) (oleh|by)",
  "(kami|telah kami|sudah kami) terima",
  "diterima[ \\t]+(?!(?:dari|di|pada|via|melalui|lewat|dengan|sebesar|senilai|sejumlah|sukses|berhasil|ke|dan|" +
    "dalam|tanggal|tgl|pukul|jam|qris|rp|idr|kamu|anda|from)(?!\\p{L}))\\p{L}+",
  "(you|you've|you have) (sent|paid|spent|bought)",
  "(sent(?! you)|spent|purchase\\w*|charged|deducted|used|(paid|payment|transfer) (to|for|at))",
  "your (payment|transfer|purchase|order|money|card)",
  "from (you|your)",
].map(wholeWords)

/** Money that is owed, offered, goes back, or is not there yet. */
const notHere = [
  "(tagihan|cicilan|pinjaman|jatuh tempo|autodebit)",
  "(refund\\w*|pengembalian|dikembalikan|reversal|dibatalkan|pembatalan|batal|cancelled|canceled)",
  "(gagal|ditolak|tertunda|pending|menunggu|failed|declined|diproses)",
  "(meminta|permintaan|minta|request\\w*)",
  "(promo\\w*|diskon|voucher|cashback|hadiah|hemat|undian|bonus|gratis|klaim|dapatkan|menangkan)",
  "(bunga|dividen|pencairan|dicairkan|settlement)",
  "(akan|will)",
  "(tidak|belum|bukan|not|never) (\\S+ ){0,2}(masuk|diterima|menerima|terima|received)",
  "(pesanan|order|orderan)( \\S+)? masuk",
].map(wholeWords)

/** `-Rp15.037`, as lists of movements write what went out. */
const negative = /(?:^|\s)[-−](?:rp|idr)/iu

const ofMoney = [
  "(rp|idr|rupiah|uang|dana masuk|saldo|qris|transfer|payment|received)",
  "(pembayaran|bayar|terima|diterima|menerima)",
].map(wholeWords)

/** Says that money came in, and nothing that says the opposite, or leaves it open. */
export function saysIncoming(words: string): boolean {
  return says(words, incoming) && !says(words, [negative, ...outgoing, ...notHere])
}

/** Is about money at all. */
export function saysMoney(words: string): boolean {
  return says(words, ofMoney)
}

function says(words: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(words))
}

function wholeWords(words: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\d])(?:${words})(?![\\p{L}\\d])`, "iu")
}
