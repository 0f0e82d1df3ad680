/** @jsxImportSource hono/jsx */
import { formatRupiah } from "../shop/money.ts"
import type { Assets } from "./assets.ts"
import type { PaymentPage } from "./dependencies.ts"
import { Layout } from "./layout.tsx"
import { Outcome, outcomeOf } from "./payment-outcome.tsx"
import { type PaymentTexts, paymentTexts } from "./payment-texts.ts"

export type PaymentPageProps = Readonly<{
  assets: Assets
  payment: PaymentPage
  /** The page's own address. */
  address: string
  now: Date
  /** Whether this visitor may pretend to pay. */
  offersDemo: boolean
}>

/**
 * `GET /pay/<token>`: everything a customer needs to pay from one phone, in whatever state the payment is.
 */
export function PaymentDocument(props: PaymentPageProps) {
  const { assets, payment, now } = props
  const texts = paymentTexts[payment.language]
  const isPending = payment.state === "pending"
  const title = isPending ? texts.title : outcomeOf(payment, texts).title
  return (
    <Layout
      assets={assets}
      title={`${title} · ${payment.orderCode ?? texts.topUp}`}
      language={payment.language}
      styles={["pay.css"]}
      script="pay.js"
      {...(isPending && { reloadSeconds: 10 })}
    >
      <main
        class="stall"
        data-state={payment.state}
        data-now={now.getTime()}
        data-expires-at={payment.expiresAt.getTime()}
        data-time-over={texts.timeOver}
      >
        <div class="awning" />
        <div class="sheet">
          {payment.isDemo && (
            <p class="demo-banner">
              <strong>{texts.demo}</strong>: {texts.demoExplained}
            </p>
          )}
          {isPending ? <Pending {...props} texts={texts} /> : <Outcome payment={payment} texts={texts} />}
        </div>
        {isPending && <p class="foot">{texts.foot}</p>}
      </main>
      <p id="announcement" class="visually-hidden" aria-live="assertive" />
    </Layout>
  )
}

function Pending(props: PaymentPageProps & { texts: PaymentTexts }) {
  const { payment, address, now, offersDemo, texts } = props
  const amount = formatRupiah(payment.amount)
  const qrAddress = `${address}/qr.png`
  return (
    <>
      <p class="shop">
        {texts.payTo} <strong>{payment.shopName}</strong>
      </p>
      <h1 class="amount">{amount}</h1>
      <p class="order">
        {payment.orderCode === undefined ? (
          texts.topUp
        ) : (
          <>
            {texts.order} <code>{payment.orderCode}</code>
          </>
        )}
      </p>
      {payment.uniqueExtra > 0 && (
        <p class="exact">{texts.exactAmount({ amount, extra: formatRupiah(payment.uniqueExtra) })}</p>
      )}
      {payment.qrString && (
        <div class="qr">
          <img src={qrAddress} width="264" height="264" alt={`${texts.qrFor} ${amount}`} />
        </div>
      )}
      <p class="countdown" role="timer">
        <span>{texts.left}</span>
        <time>{timeLeft(payment.expiresAt, now)}</time>
      </p>
      <div class="actions">
        {payment.qrString && (
          <a class="button" href={qrAddress} download={`QRIS-${payment.orderCode ?? "saldo"}.png`}>
            <DownloadMark />
            {texts.download}
          </a>
        )}
        {payment.redirectUrl && (
          <a class="button button-strong" href={payment.redirectUrl} rel="noreferrer">
            {texts.openPage}
          </a>
        )}
        {offersDemo && (
          <form method="post" action={`${address}/demo`}>
            <button class="button button-strong" type="submit">
              {texts.payDemo}
            </button>
          </form>
        )}
      </div>
      {!payment.isDemo && (
        <ol class="steps">
          {(payment.redirectUrl ? texts.stepsOnPage : texts.steps).map((step) => (
            <li>{step}</li>
          ))}
        </ol>
      )}
    </>
  )
}

function DownloadMark() {
  return (
    <svg width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true">
      <path
        d="M12 4v11m0 0l-5-5m5 5l5-5M5 20h14"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}

function timeLeft(expiresAt: Date, now: Date): string {
  const seconds = Math.max(0, Math.ceil((expiresAt.getTime() - now.getTime()) / 1000))
  const two = (number: number) => String(number).padStart(2, "0")
  const hours = Math.floor(seconds / 3600)
  return `${hours > 0 ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
