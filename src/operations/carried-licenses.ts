/** The text that was gathered when the binary was built; absent when Lapak runs from its source. */
export const carriedLicenses: string | undefined = undefined
