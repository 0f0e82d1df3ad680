/** @jsxImportSource hono/jsx */
import { isUnpaired, type WhatsAppView } from "../operations/whatsapp-view.ts"
import { timeOfDay } from "../operations/whatsapp-words.ts"
import type { Assets } from "./assets.ts"
import type { Language } from "./dependencies.ts"
import { Layout } from "./layout.tsx"
import { Pairing, Steps } from "./whatsapp-pairing.tsx"
import { type WhatsAppTexts, whatsappTexts } from "./whatsapp-texts.ts"

export type WhatsAppPageProps = Readonly<{
  assets: Assets
  view: WhatsAppView
  language: Language
  /** The QR as a PNG. */
  qrPng: Uint8Array | undefined
  /** What was typed as a phone number and is none. */
  badNumber: string | undefined
}>

/** `GET /whatsapp`: how the shop's WhatsApp is, and what to tap next. */
export function WhatsAppDocument(props: WhatsAppPageProps) {
  const { assets, view, language } = props
  const texts = whatsappTexts[language]
  const pairing = isUnpaired(view)
  const { title } = situationOf(view, texts)
  return (
    <Layout
      assets={assets}
      title={`${title} · Lapak`}
      language={language}
      styles={["pay.css", "whatsapp.css"]}
      script="whatsapp.js"
      reloadSeconds={pairing && !view.qr ? 4 : 20}
    >
      <main class={pairing ? "stall wide" : "stall"} data-kind={pairing ? "pairing" : kindOf(view)}>
        <div class="awning" />
        <div class="sheet">
          {pairing ? <Pairing {...props} texts={texts} /> : <Standing {...props} texts={texts} />}
        </div>
        <p class="foot">
          {texts.foot}{" "}
          <a href={`/whatsapp?lang=${texts.otherLanguage.code}`} lang={texts.otherLanguage.code}>
            {texts.otherLanguage.label}
          </a>
        </p>
      </main>
      <p id="announcement" class="visually-hidden" aria-live="polite" />
    </Layout>
  )
}

/** The page's own word for what it shows. */
function kindOf({ state, pausedUntil }: WhatsAppView): WhatsAppView["state"] | "paused" {
  return state === "open" && pausedUntil ? "paused" : state
}

function situationOf(view: WhatsAppView, texts: WhatsAppTexts): { title: string; note: string } {
  const { state, pausedUntil } = view
  if (state === "open" && pausedUntil) return texts.paused(timeOfDay(pausedUntil), view.pauseCode)
  if (view.state === "logged_out") return texts.loggedOut
  if (isUnpaired(view) || view.state === "pairing") return texts.pair
  return view.state === "connecting" ? texts.connecting(view.problemCode) : texts[view.state]
}

function Standing(props: WhatsAppPageProps & { texts: WhatsAppTexts }) {
  const { view, language, texts } = props
  const { title, note } = situationOf(view, texts)
  const kind = kindOf(view)
  return (
    <>
      <div class={kind === "open" ? "outcome-mark good" : `outcome-mark ${kind}`}>
        <StateMark kind={kind} />
      </div>
      <h1 class="outcome-title" tabindex={-1}>
        {title}
      </h1>
      <div id="situation" data-live>
        <p class="outcome-note">{note}</p>
        {kind === "open" && view.phone && <OwnNumber phone={view.phone} texts={texts} />}
      </div>
      {view.state === "replaced" && <Again label={texts.replaced.button} language={language} />}
      {view.state === "stopped" && (
        <>
          <Again label={texts.stopped.button} language={language} />
          <Steps steps={texts.stopped.steps} />
        </>
      )}
      {view.state === "off" && <Steps steps={texts.off.steps} />}
    </>
  )
}

function OwnNumber({ phone, texts }: { phone: string; texts: WhatsAppTexts }) {
  const number = `+${phone}`
  return (
    <>
      <dl class="receipt">
        <div>
          <dt>{texts.number}</dt>
          <dd>{number}</dd>
        </div>
      </dl>
      <p class="try-first">{texts.tryFirst(number)}</p>
      <a class="button" href={`https://wa.me/${phone}?text=.menu`} rel="noreferrer">
        {texts.writeMenu}
      </a>
    </>
  )
}

function Again({ label, language }: { label: string; language: Language }) {
  return (
    <form method="post" action={`/whatsapp/again?lang=${language}`}>
      <button class="button button-strong" type="submit">
        {label}
      </button>
    </form>
  )
}

const shapes = {
  open: "M5 12.5l4.5 4.5L19 7.5",
  wait: "M12 6v6l4 3",
  off: "M12 4v8M7.5 7a7 7 0 1 0 9 0",
  cross: "M7 7l10 10M17 7L7 17",
} as const

function StateMark({ kind }: { kind: ReturnType<typeof kindOf> }) {
  const shape = kind === "connecting" || kind === "pairing" || kind === "paused" ? "wait" : kind
  const path = shape === "open" || shape === "wait" || shape === "off" ? shapes[shape] : shapes.cross
  return (
    <svg width="44" height="44" viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true">
      <path d={path} stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  )
}
