/** @jsxImportSource hono/jsx */
import type { Assets } from "./assets.ts"
import { answerJson } from "./headers.ts"
import { answerPage, Layout } from "./layout.tsx"

/** Something a visitor is told instead of what they asked for. */
export type Notice = Readonly<{
  status: number
  /** The word programs get. */
  error: string
  title: string
  text: string
  textInEnglish: string
  reference?: string
  retryAfterSeconds?: number
}>

/** A friendly page for people, the same as JSON for programs. It never says what went wrong inside. */
export async function answerNotice(request: Request, assets: Assets, notice: Notice): Promise<Response> {
  const { status, error, textInEnglish: message, reference, retryAfterSeconds } = notice
  const response = wantsPage(request)
    ? await answerPage(status, <NoticePage assets={assets} notice={notice} />)
    : answerJson(status, { error, message, ...(reference && { reference }) })
  if (retryAfterSeconds) response.headers.set("Retry-After", String(retryAfterSeconds))
  return response
}

function wantsPage(request: Request): boolean {
  return (request.headers.get("accept") ?? "").includes("text/html")
}

function NoticePage({ assets, notice }: { assets: Assets; notice: Notice }) {
  return (
    <Layout assets={assets} title={notice.title} language="id" styles={["pay.css"]}>
      <main class="stall">
        <div class="awning" />
        <div class="sheet">
          <h1 class="outcome-title">{notice.title}</h1>
          <p class="outcome-note">{notice.text}</p>
          <p class="order" lang="en">
            {notice.textInEnglish}
          </p>
          {notice.reference && (
            <p class="foot">
              Nomor rujukan · reference: <code>{notice.reference}</code>
            </p>
          )}
        </div>
      </main>
    </Layout>
  )
}

export const notices = {
  notFound: {
    status: 404,
    error: "not_found",
    title: "Halaman tidak ada",
    text: "Alamat ini tidak mengarah ke mana pun. Periksa lagi tautannya, atau kembali ke chat.",
    textInEnglish: "There is nothing at this address. Check the link, or go back to the chat.",
  },
  home: {
    status: 200,
    error: "none",
    title: "Lapak ini buka",
    text: "Belanjanya lewat chat: kirim pesan ke nomor WhatsApp toko ini.",
    textInEnglish: "This stall is open. Shopping happens in the chat: write to the shop's WhatsApp number.",
  },
  unknownPayment: {
    status: 404,
    error: "not_found",
    title: "Tagihan tidak ditemukan",
    text: "Tautan pembayaran ini tidak dikenal. Buka lagi dari chat, jangan diketik ulang.",
    textInEnglish: "This payment link is unknown. Open it from the chat again instead of typing it.",
  },
  pairInShell: {
    status: 404,
    error: "not_found",
    title: "Halaman ini ditutup",
    text: "Lapak ini punya alamat di internet (PUBLIC_URL), jadi HP toko ditautkan lewat perintah di servernya: lapak pair",
    textInEnglish:
      "This stall has an address in the world (PUBLIC_URL), so this page is closed. In the shell of its server, " +
      "this does the same: lapak pair",
  },
  unavailable: {
    status: 503,
    error: "unavailable",
    title: "Sebentar, ya",
    text: "Lapak sedang sibuk atau terputus sejenak. Tidak ada yang ditagih; coba lagi sebentar lagi.",
    textInEnglish: "The stall is busy or briefly out of reach. Nothing was charged; try again in a moment.",
    retryAfterSeconds: 5,
  },
  notPayable: {
    status: 409,
    error: "not_payable",
    title: "Tidak bisa dibayar lagi",
    text: "Tagihan ini sudah dibayar, dibatalkan, atau habis waktunya.",
    textInEnglish: "This payment is already made, cancelled or out of time.",
  },
  crossSite: {
    status: 403,
    error: "cross_site",
    title: "Ditolak",
    text: "Permintaan ini datang dari situs lain.",
    textInEnglish: "This request came from another site.",
  },
  broken: {
    status: 500,
    error: "internal",
    title: "Ada yang salah di pihak kami",
    text: "Kesalahan ini sudah kami catat. Coba lagi; bila tetap begini, sebutkan nomor rujukannya.",
    textInEnglish: "We have noted the error. Try again; if it stays, tell us the reference number.",
  },
} as const satisfies Record<string, Notice>
