/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx"
import type { HtmlEscapedString } from "hono/utils/html"
import type { AssetName, Assets } from "./assets.ts"
import type { Language } from "./dependencies.ts"
import { pageHeaders } from "./headers.ts"

export type LayoutProps = Readonly<{
  assets: Assets
  title: string
  language: Language
  styles: readonly AssetName[]
  script?: AssetName
  /** Without scripts, the page asks again this often. */
  reloadSeconds?: number
  children?: Child
}>

/** The frame of every page: styles and scripts only from our own address, so that the strict policy holds. */
export function Layout({ assets, title, language, styles, script, reloadSeconds, children }: LayoutProps) {
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content="#0b6e4f" />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#17221d" />
        <title>{title}</title>
        <link rel="icon" type="image/svg+xml" href={assets.addressOf("icon.svg")} />
        {["base.css" as const, ...styles].map((style) => (
          <link rel="stylesheet" href={assets.addressOf(style)} />
        ))}
        {script && <script type="module" src={assets.addressOf(script)} />}
        {reloadSeconds && (
          <noscript>
            <meta http-equiv="refresh" content={String(reloadSeconds)} />
          </noscript>
        )}
      </head>
      <body>{children}</body>
    </html>
  )
}

/** An HTML answer with the headers every page gets. */
export async function answerPage(
  status: number,
  page: HtmlEscapedString | Promise<HtmlEscapedString>,
): Promise<Response> {
  return new Response(`<!doctype html>${await page}`, {
    status,
    headers: { ...pageHeaders, "Content-Type": "text/html; charset=utf-8" },
  })
}
