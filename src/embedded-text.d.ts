declare module "*.sql" {
  const text: string
  export = text
}

declare module "*.lua" {
  const text: string
  export = text
}

declare module "*.txt" {
  const text: string
  export = text
}
