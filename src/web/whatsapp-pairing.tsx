/** @jsxImportSource hono/jsx */
import { spelledCode, type WhatsAppView } from "../operations/whatsapp-view.ts"
import type { WhatsAppPageProps } from "./whatsapp-page.tsx"
import type { WhatsAppTexts } from "./whatsapp-texts.ts"

type PairingProps = WhatsAppPageProps & Readonly<{ texts: WhatsAppTexts }>

/** The two ways to pair a phone. What is `data-live` is drawn anew by the script; the form is left alone. */
export function Pairing(props: PairingProps) {
  const { view, texts } = props
  const { title, note } = view.state === "logged_out" ? texts.loggedOut : texts.pair
  return (
    <>
      <h1 class="outcome-title" tabindex={-1}>
        {title}
      </h1>
      <p id="situation" class={view.state === "logged_out" ? "warning" : "outcome-note"} data-live>
        {note}
      </p>
      <div class="ways">
        <Scan {...props} />
        <OnePhone {...props} />
      </div>
    </>
  )
}

function Scan({ view, qrPng, texts }: PairingProps) {
  const source = qrPng && `data:image/png;base64,${Buffer.from(qrPng).toString("base64")}`
  return (
    <section class="way" aria-labelledby="scan-title">
      <h2 id="scan-title">{texts.scan.title}</h2>
      <div id="scan" class={source ? "qr" : "qr empty"} data-live>
        {source ? (
          <img src={source} width="300" height="300" alt={texts.scan.alt} />
        ) : (
          <p>{whyNoQr(view, texts)}</p>
        )}
      </div>
      <Steps steps={texts.scan.steps} />
    </section>
  )
}

function whyNoQr({ problemCode, unreachable }: WhatsAppView, { scan }: WhatsAppTexts): string {
  if (problemCode === 405) return scan.tooOld
  return unreachable ? scan.unreachable : scan.waiting
}

function OnePhone({ view, language, badNumber, texts }: PairingProps) {
  const { code } = texts
  const typed = badNumber ?? (view.pairingPhone && `+${view.pairingPhone}`)
  return (
    <section class="way" aria-labelledby="code-title">
      <h2 id="code-title">{code.title}</h2>
      <p class="way-note">{code.note}</p>
      {badNumber === undefined && (
        <div id="code" data-live>
          <PairingCode view={view} texts={texts} />
        </div>
      )}
      <form class="ask" method="post" action={`/whatsapp/code?lang=${language}`}>
        <label for="phone">{code.label}</label>
        <input
          id="phone"
          name="phone"
          type="tel"
          autocomplete="tel"
          required
          maxlength={30}
          placeholder={code.placeholder}
          value={typed}
          {...(badNumber !== undefined && {
            autofocus: true,
            "aria-invalid": "true",
            "aria-describedby": "phone-problem",
          })}
        />
        {badNumber !== undefined && (
          <p id="phone-problem" class="problem">
            {code.badNumber}
          </p>
        )}
        <button class="button" type="submit">
          {view.pairingPhone ? code.askAgain : code.ask}
        </button>
      </form>
      <Steps steps={code.steps} />
    </section>
  )
}

function PairingCode({ view, texts }: Pick<PairingProps, "view" | "texts">) {
  const { pairingCode, pairingPhone } = view
  if (pairingPhone === undefined) return null
  if (pairingCode === undefined) return <p class="way-note">{texts.code.waiting(pairingPhone)}</p>
  const spelled = spelledCode(pairingCode)
  return (
    <p class="code">
      <span>{texts.code.shown(pairingPhone)}</span>
      <strong>{spelled}</strong>
    </p>
  )
}

/** What to do, in order. What stands between two asterisks is what the phone shows, word for word. */
export function Steps({ steps }: { steps: readonly string[] }) {
  return (
    <ol class="steps">
      {steps.map((step) => (
        <li>{step.split("*").map((part, place) => (place % 2 === 1 ? <b>{part}</b> : part))}</li>
      ))}
    </ol>
  )
}
