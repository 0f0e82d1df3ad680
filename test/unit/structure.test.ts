import { expect, test } from "bun:test"
import { dirname, join } from "node:path"

const root = join(import.meta.dir, "../..")

type File = Readonly<{ path: string; text: string }>
type Import = Readonly<{ from: string; to: string; typeOnly: boolean }>

const codeFiles = await read("{src,test,tools}/**/*.{ts,tsx}")
const sources = codeFiles.filter(({ path }) => path.startsWith("src/"))
const imports = sources.flatMap(importsOf)

/** What the files of a folder may import of the house besides their own folder. */
const neighbours: Readonly<Record<string, readonly string[]>> = {
  channels: ["config-whatsapp.ts", "operations"],
  conversation: ["shop"],
  database: [
    "shop/customer.ts",
    "shop/prices.ts",
    "shop/ids.ts",
    "shop/money.ts",
    "shop/order-states.ts",
    "payments/payment-provider.ts",
    "operations/log.ts",
    "operations/pause.ts",
  ],
  engines: ["operations"],
  gate: ["operations/log.ts", "shop/ids.ts", "shop/money.ts"],
  inbox: ["channels/channel.ts", "conversation", "database", "operations", "shop"],
  operations: ["config.ts", "database", "shop"],
  outbox: ["channels/channel.ts", "database", "operations", "shop"],
  payments: ["config.ts", "operations", "shop/money.ts"],
  shop: ["database", "gate", "operations", "payments/payment-provider.ts"],
  web: ["channels", "operations", "shop"],
}

/** Where everything is joined, or examined; these may import whatever they join. */
const joiners = [
  "src/main.ts",
  "src/app.ts",
  "src/jobs.ts",
  "src/serve.ts",
  "src/serve-health.ts",
  "src/open-providers.ts",
  "src/open-whatsapp.ts",
  "src/tell-operator.ts",
  "src/foundation.ts",
  "src/commands/",
  "src/operations/doctor.ts",
  "src/operations/doctor-machine.ts",
  "src/operations/doctor-midtrans.ts",
]

/** The only places that know a package which reaches outside. */
const packageHomes: Readonly<Record<string, readonly string[]>> = {
  redis: ["src/gate/"],
  postgres: ["src/database/"],
  "midtrans-client": ["src/payments/midtrans/"],
  hono: ["src/web/"],
  pino: ["src/operations/"],
  "prom-client": ["src/operations/"],
  commander: ["src/commands/"],
  "node:fs": ["src/engines/", "src/operations/", ...joiners],
  "node:net": ["src/engines/", "src/operations/doctor-machine.ts"],
  "node:child_process": ["src/engines/"],
  "bun:ffi": ["src/engines/"],
}

async function read(pattern: string): Promise<File[]> {
  const paths = await Array.fromAsync(new Bun.Glob(pattern).scan({ cwd: root, dot: true }))
  return await Promise.all(
    paths.sort().map(async (path) => ({ path, text: await Bun.file(join(root, path)).text() })),
  )
}

function importsOf({ path, text }: File): Import[] {
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?(?:([^"'`;]*?)\sfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  )
  return [...statements].map(([, type, names = "", target = "", lazyTarget]) => {
    const to = lazyTarget ?? target
    const inner = /^\{([^}]*)\}$/s.exec(names.trim())?.[1]
    const listed = inner?.split(",").map((name) => name.trim()) ?? []
    const onlyTypes = listed.length > 0 && listed.every((name) => name === "" || name.startsWith("type "))
    return {
      from: path,
      to: to.startsWith(".") ? join(dirname(path), to) : to,
      typeOnly: type !== undefined || onlyTypes,
    }
  })
}

const isWithin = (path: string, place: string) =>
  path === place || path.startsWith(place.endsWith("/") ? place : `${place}/`)
const isJoiner = (path: string) => joiners.some((place) => isWithin(path, place))
const said = ({ from, to }: Import) => `${from} imports ${to}`

test("the imports of every file are seen", () => {
  expect(imports.length).toBeGreaterThan(300)
  const seen = importsOf({
    path: "src/shop/x.ts",
    text: 'import { type A, b } from "../gate/a.ts"\nimport type C from "./c.ts"\nexport { type D } from "d"\n',
  })
  expect(seen).toEqual([
    { from: "src/shop/x.ts", to: "src/gate/a.ts", typeOnly: false },
    { from: "src/shop/x.ts", to: "src/shop/c.ts", typeOnly: true },
    { from: "src/shop/x.ts", to: "d", typeOnly: true },
  ])
})

test("every folder imports only its neighbours on the way of a message or a payment", () => {
  const strangers = imports.filter(({ from, to }) => {
    if (isJoiner(from) || !to.startsWith("src/")) return false
    const folder = from.split("/")[1] ?? ""
    if (folder === "config.ts" || isWithin(to, `src/${folder}`)) return false
    return !(neighbours[folder] ?? []).some((place) => isWithin(to, `src/${place}`))
  })
  expect(strangers.map(said)).toEqual([])
})

test("every folder has its neighbours named", () => {
  const folders = new Set(
    sources
      .map(({ path }) => path.split("/"))
      .flatMap(([, folder, ...rest]) => (rest.length > 0 ? [folder] : [])),
  )
  expect([...folders].sort()).toEqual([...Object.keys(neighbours), "commands"].sort())
})

test("what reaches outside is known in one place", () => {
  const strangers = imports.filter(({ from, to }) => {
    const owner = Object.keys(packageHomes).find((name) => isWithin(to, name))
    return owner !== undefined && !(packageHomes[owner] ?? []).some((place) => isWithin(from, place))
  })
  expect(strangers.map(said)).toEqual([])
})

test("the conversation does nothing but think: it runs no code but its own and what is as pure", () => {
  const pure = [
    ...["src/shop/money.ts", "src/shop/prices.ts", "src/shop/customer.ts", "src/shop/house-settings.ts"],
    "valibot",
  ]
  const reaching = imports.filter(
    ({ from, to, typeOnly }) =>
      isWithin(from, "src/conversation") &&
      !typeOnly &&
      !isWithin(to, "src/conversation") &&
      !pure.includes(to),
  )
  expect(reaching.map(said)).toEqual([])
})

test("no file runs itself through what it imports", () => {
  const running = imports.filter(({ typeOnly }) => !typeOnly)
  const loops: string[] = []
  const done = new Set<string>()
  const visit = (path: string, way: readonly string[]) => {
    if (way.includes(path)) loops.push([...way.slice(way.indexOf(path)), path].join(" -> "))
    if (way.includes(path) || done.has(path)) return
    for (const { from, to } of running) if (from === path) visit(to, [...way, path])
    done.add(path)
  }
  for (const { path } of sources) visit(path, [])
  expect(loops).toEqual([])
})

/** A template that begins with a verb of SQL, whatever its tag is called. */
const sqlVerbs =
  "select|insert|update|delete|merge|truncate|with|create|alter|drop|lock|begin|commit|rollback"
const sqlSpoken = new RegExp(
  String.raw`\bsql(<[^\`]*>)?\`|\.unsafe\(|[\w)\]>]\`(\s*\n\s*(--.*\s+)*)?(${sqlVerbs})\b`,
  "i",
)

test("only database/ speaks SQL", () => {
  const speakers = sources.filter(({ text }) => sqlSpoken.test(text))
  const strangers = speakers.filter(({ path }) => !isWithin(path, "src/database"))
  expect(strangers.map(({ path }) => path)).toEqual([])
  expect(speakers.length).toBeGreaterThan(50)
})

test("SQL is seen under any tag, and words that begin like it are none", () => {
  const spoken = [
    "await statements`select name from users`",
    "await statements<{ name: string }[]>`\n  -- why\n  with known as (select 1)\n  select 1`",
    "transaction`\n    insert into users values (1)`",
    "tags[0]`UPDATE users set name = ''`",
    "connect(address)`delete from users`",
    "sql`begin`",
    "sql<Row[]>`table users`",
    "database.sql.unsafe(text)",
  ]
  for (const text of spoken) expect([text, sqlSpoken.test(text)]).toEqual([text, true])
  const unspoken = [
    "say(`select one`)",
    "const a = `update`",
    "/** `user` with a name. */",
    "styled`beginning`",
  ]
  for (const text of unspoken) expect([text, sqlSpoken.test(text)]).toEqual([text, false])
})

test("nothing is exported without a name, and nothing silences the checkers", () => {
  const silencers = /^export default|\b(biome|eslint)-ignore|@ts-(ignore|nocheck|expect-error)/m
  const own = "test/unit/structure.test.ts"
  const silenced = codeFiles.filter(({ path, text }) => path !== own && silencers.test(text))
  expect(silenced.map(({ path }) => path)).toEqual([])
})

test("files are named in kebab-case", async () => {
  const files = await read("{src,test,tools,sql}/**/*.{ts,tsx,js,css,sql,lua,sh}")
  const name = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|client|d))?\.[a-z]+$/
  const misnamed = files.map(({ path }) => path).filter((path) => !name.test(path.split("/").at(-1) ?? ""))
  expect(misnamed).toEqual([])
})

test("lines end by 110 columns, save for a text that cannot be broken", async () => {
  const files = await read("{src,test,tools,sql}/**/*.{ts,tsx,js,css,sql,lua,sh}")
  const long = files
    .filter(({ path }) => path !== "sql/schema.sql")
    .flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, index) => {
        const isText = /["'`].{50,}["'`]/.test(line)
        return line.length > 110 && !isText ? [`${path}:${index + 1} has ${line.length}`] : []
      }),
    )
  expect(long).toEqual([])
})

test("a Lua script uses as many keys as its name says", async () => {
  const scripts = await read("src/gate/*.lua")
  expect(scripts.length).toBeGreaterThan(0)
  for (const { path, text } of scripts) {
    const code = text.replace(/--.*$/gm, "")
    const used = new Set([...code.matchAll(/KEYS\[(\d+)\]/g)].map(([, number]) => Number(number)))
    const promised = Number(/-(\d+)\.lua$/.exec(path)?.[1])
    expect([path, [...used].sort()]).toEqual([
      path,
      Array.from({ length: promised }, (_, index) => index + 1),
    ])
  }
})

test("every setting is in .env.example, and everything in .env.example is a setting", async () => {
  const [config] = await read("src/config.ts")
  const [example] = await read(".env.example")
  const schema = /environmentSchema = v\.object\(\{(.*?)^\}\)/ms.exec(config?.text ?? "")?.[1] ?? ""
  const settings = [...schema.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name)
  const shown = [...(example?.text ?? "").matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => name)
  expect(settings.length).toBeGreaterThan(10)
  expect(shown.sort()).toEqual(settings.sort())
})
