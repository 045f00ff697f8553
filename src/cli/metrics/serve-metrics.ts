import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InputError } from '../../events/errors.js'
import { cannotListen } from '../../streams/links/cannot-listen.js'
import type { PrometheusRegistry } from './prometheus-registry.js'

/** This machine alone, as figures are not for others. */
const HOST = '127.0.0.1'
const PATH = '/metrics'

/** An HTTP server with one page. */
export interface MetricsServer {
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves the metrics at http://127.0.0.1:<port>/metrics, in the text format of Prometheus.
 *
 * @param port 0: any free one
 * @throws InputError PORT_IN_USE, PORT_FORBIDDEN, CANNOT_LISTEN, each naming --metrics-port
 */
export async function serveMetrics(registry: PrometheusRegistry, port: number): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.url !== PATH || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end(`There is only GET ${PATH}.\n`)
      return
    }
    registry.text().then(
      (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      (error: Error) => response.writeHead(500, { 'Content-Type': 'text/plain' }).end(`${error.message}\n`),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(inTermsOfTheFlag(cannotListen(error, { host: HOST, port }))))
    server.listen({ host: HOST, port }, resolve)
  })
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://${HOST}:${actual}${PATH}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function inTermsOfTheFlag(error: Error): Error {
  if (!(error instanceof InputError)) return error
  return new InputError({ ...error.mistake, field: '--metrics-port', cause: error })
}
