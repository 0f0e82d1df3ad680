/** @jsxImportSource hono/jsx */
import type { Assets } from "./assets.ts"
import type { Language } from "./dependencies.ts"
import { Layout } from "./layout.tsx"
import { tryTexts } from "./try-texts.ts"

/** `GET /try`: the frame of the chat; its script fills it. */
export function TryDocument(props: { assets: Assets; shopName: string; number: string; language: Language }) {
  const { assets, shopName, number, language } = props
  const texts = tryTexts[language]
  return (
    <Layout
      assets={assets}
      title={`${texts.title} · ${shopName}`}
      language={language}
      styles={["try.css"]}
      script="try.js"
    >
      <div class="phone" data-texts={JSON.stringify(texts)} data-number={number} data-language={language}>
        <header class="bar">
          <img class="face" src={assets.addressOf("icon.svg")} alt="" width="40" height="40" />
          <div class="who">
            <h1>{shopName}</h1>
            <p id="presence" aria-live="polite">
              {texts.online}
            </p>
          </div>
          <a
            class="bar-button"
            href={`/try?lang=${texts.otherLanguage.code}`}
            lang={texts.otherLanguage.code}
          >
            {texts.otherLanguage.label}
          </a>
          <form method="post" action={`/try/restart?lang=${language}`} id="restart">
            <button class="bar-button" type="submit">
              {texts.restart}
            </button>
          </form>
        </header>
        <main id="scroll">
          <p class="explained">{texts.explained}</p>
          <div id="messages" role="log" aria-live="polite" aria-label={texts.messages} />
          <div id="typing" class="bubble theirs" hidden aria-hidden="true">
            <i />
            <i />
            <i />
          </div>
        </main>
        <footer>
          <fieldset class="chips">
            <legend class="visually-hidden">{texts.chipsLabel}</legend>
            {texts.chips.map((chip) => (
              <button type="button" class="chip" data-text={chip}>
                {chip}
              </button>
            ))}
          </fieldset>
          <form id="composer">
            <label class="visually-hidden" for="text">
              {texts.inputLabel}
            </label>
            <textarea
              id="text"
              rows={1}
              maxlength={4000}
              placeholder={texts.placeholder}
              autocomplete="off"
              enterkeyhint="send"
            />
            <button type="submit" class="send" aria-label={texts.send}>
              <svg width="22" height="22" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
                <path d="M3 20.5v-6.2L13 12 3 9.7V3.5L21.5 12z" />
              </svg>
            </button>
          </form>
        </footer>
      </div>
    </Layout>
  )
}
