/** The part of midtrans-client 1.4.3 that is used here; its own package carries no types. */
declare module "midtrans-client" {
  export type RequestConfig = {
    url?: string
    data?: unknown
    headers: { set(name: string, value: string): unknown }
    signal?: AbortSignal
  }

  export type Axios = {
    defaults: { timeout?: number; proxy?: false; maxRedirects?: number; maxContentLength?: number }
    interceptors: { request: { use(prepare: (config: RequestConfig) => RequestConfig): number } }
  }

  export class CoreApi {
    constructor(options: { isProduction: boolean; serverKey: string; clientKey: string })
    readonly apiConfig: { getCoreApiBaseUrl: () => string }
    readonly httpClient: { readonly http_client: Axios }
    readonly transaction: {
      status(id: string): Promise<unknown>
      cancel(id: string): Promise<unknown>
      expire(id: string): Promise<unknown>
      refund(id: string, parameter: object): Promise<unknown>
    }
    charge(parameter: object): Promise<unknown>
  }

  export class Snap {
    constructor(options: { isProduction: boolean; serverKey: string; clientKey: string })
    readonly apiConfig: { getSnapApiBaseUrl: () => string }
    readonly httpClient: { readonly http_client: Axios }
    createTransaction(parameter: object): Promise<unknown>
  }
}
