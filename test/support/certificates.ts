import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** A certificate with its key, as PEM texts. */
export interface IssuedCertificate {
  readonly cert: string
  readonly key: string
}

/** Signs certificates of others. */
export interface Authority {
  /** Its own certificate. */
  readonly cert: string
  issue(what: CertificateContent): IssuedCertificate
}

export interface CertificateContent {
  /** Names of hosts and IPv4 addresses. */
  readonly hosts: readonly string[]
  /** First and last year that it is valid in (default: 2020 to 2049, the last one that the format has). */
  readonly years?: { readonly from: number; readonly to: number }
}

interface Signer {
  readonly name: Buffer
  readonly key: KeyObject
}

/** Certificates of any validity, so that no clock has to be turned. */
export function createAuthority(name = 'test authority'): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signer = { name: nameOf(name), key: privateKey }
  const isAuthority = extension('551d13', sequence(der(0x01, Buffer.of(0xff))))
  return {
    cert: certificate(signer, signer.name, publicKey, YEARS, isAuthority),
    issue({ hosts, years = YEARS }) {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const subject = nameOf(hosts[0] ?? 'nobody')
      return {
        cert: certificate(signer, subject, own.publicKey, years, extension('551d11', sequence(...hosts.map(hostName)))),
        key: pem(own.privateKey),
      }
    },
  }
}

/** One that vouches for itself. */
export function selfSigned({ hosts, years = YEARS }: CertificateContent): IssuedCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signer = { name: nameOf(hosts[0] ?? 'nobody'), key: privateKey }
  const names = extension('551d11', sequence(...hosts.map(hostName)))
  return { cert: certificate(signer, signer.name, publicKey, years, names), key: pem(privateKey) }
}

const YEARS = { from: 2020, to: 2049 }
const ECDSA_WITH_SHA256 = sequence(identifier('2a8648ce3d040302'))

/** X.509, as RFC 5280 has it. */
function certificate(
  signer: Signer,
  subject: Buffer,
  key: KeyObject,
  { from, to }: { readonly from: number; readonly to: number },
  ...extensions: readonly Buffer[]
): string {
  const version3 = der(0xa0, der(0x02, Buffer.of(2)))
  const time = (year: number, rest: string) => der(0x17, Buffer.from(String(year % 100).padStart(2, '0') + rest))
  const content = sequence(
    version3,
    der(0x02, Buffer.of(1)),
    ECDSA_WITH_SHA256,
    signer.name,
    sequence(time(from, '0101000000Z'), time(to, '1231235959Z')),
    subject,
    key.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signature = der(0x03, Buffer.of(0), sign('sha256', content, signer.key))
  const base64 = sequence(content, ECDSA_WITH_SHA256, signature).toString('base64')
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** With a common name alone. */
function nameOf(name: string): Buffer {
  return sequence(der(0x31, sequence(identifier('550403'), der(0x0c, Buffer.from(name)))))
}

function hostName(host: string): Buffer {
  const isAddress = /^\d+(\.\d+){3}$/.test(host)
  return isAddress ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host))
}

function extension(name: string, value: Buffer): Buffer {
  return sequence(identifier(name), der(0x04, value))
}

function identifier(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts)
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.of(tag, ...size), content])
}
