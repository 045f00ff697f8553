import { lookup } from 'node:dns/promises'
import type { PeerCertificate } from 'node:tls'
import type { JoinAddress } from '../../../rendezvous/join-address.js'
import type { JoinTls } from '../../../rendezvous/join-options.js'
import type { SelfCheck } from '../self-check.js'
import { probeServer, type ServerProbe } from './probe-server.js'

const OLDEST = { major: 2, minor: 10 } as const

/** Checks a server as far as is possible without authentication. */
export async function checkServer(
  address: JoinAddress,
  tls: JoinTls | undefined,
  limit: number,
): Promise<{ readonly isThere: boolean; readonly checks: readonly SelfCheck[] }> {
  const name = await checkName(address)
  if (!name.ok) return { isThere: false, checks: [name] }
  const probe = await probeServer(address, tls, limit)
  const checks = [name, checkGreeting(address, probe, tls)]
  if (probe.info !== null) checks.push(checkVersion(address, probe.info.version), checkJetStream(address, probe))
  if (probe.info !== null || probe.certificate !== null) checks.push(...checkTls(address, probe, tls))
  return { isThere: probe.info !== null || probe.certificate !== null, checks }
}

async function checkName({ host }: JoinAddress): Promise<SelfCheck> {
  const check = `name ${host}`
  const expected = 'an address'
  try {
    const all = await lookup(host, { all: true })
    return { check, ok: true, found: all.map(({ address }) => address).join(', '), expected }
  } catch (error) {
    const { code = 'none' } = error as NodeJS.ErrnoException
    const remedy = 'Correct the name, or add it to the DNS or /etc/hosts.'
    return { check, ok: false, found: `none (${code})`, expected, remedy }
  }
}

function checkGreeting({ text }: JoinAddress, { info, fault }: ServerProbe, tls: JoinTls | undefined): SelfCheck {
  const check = `server ${text}`
  const expected = 'a NATS server'
  if (info !== null) {
    const { server_name: name } = info
    // A server without a configured name reports its key instead.
    const found = /^N[A-Z2-7]{55}$/.test(name) ? expected : `${expected}, ${name}`
    return { check, ok: true, found, expected }
  }
  const remedy =
    fault === 'no process listens there'
      ? 'Start the server, or check whether a firewall blocks its port.'
      : tls?.first === true
        ? 'Check whether the server has handshake_first; if not, leave out --tls-first.'
        : 'Check what listens there; if it is a NATS server with handshake_first, use --tls-first.'
  return { check, ok: false, found: fault ?? 'nothing', expected, remedy }
}

function checkVersion({ text }: JoinAddress, version: string): SelfCheck {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const ok = major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)
  const expected = `${OLDEST.major}.${OLDEST.minor} or later`
  const check = { check: `version of ${text}`, ok, found: version, expected }
  return ok ? check : { ...check, remedy: 'Update nats-server.' }
}

/** Never a failure: only checkpoints in a bucket need JetStream. */
function checkJetStream({ text }: JoinAddress, { info }: ServerProbe): SelfCheck {
  const found = info?.jetstream === true ? 'there' : 'none; checkpoints in a bucket need it, other runs do not'
  return { check: `JetStream of ${text}`, ok: true, found, expected: 'JetStream for checkpoints' }
}

function checkTls(
  { text, host, isLoopback, isTls }: JoinAddress,
  { certificate, distrust, info, fault }: ServerProbe,
  tls: JoinTls | undefined,
): readonly SelfCheck[] {
  const check = `TLS of ${text}`
  if (certificate === null) {
    const isOffered = info?.tls_required === true || info?.tls_available === true
    if (!isOffered) {
      const ok = isLoopback && tls === undefined && !isTls
      const found = `none${isLoopback ? ', on loopback' : ''}`
      const expected = 'TLS, as everything beyond loopback is encrypted'
      return [{ check, ok, found, expected, ...(ok ? {} : { remedy: 'Configure TLS at the server.' }) }]
    }
    const remedy = 'If the server requires a client certificate, use --tls-cert and --tls-key.'
    return [{ check, ok: false, found: fault ?? 'no certificate', expected: 'a complete handshake', remedy }]
  }
  return [checkDates(text, certificate), checkTrust(text, host, certificate, distrust)]
}

/** Compares with the local clock, which is shown because it may be wrong. */
function checkDates(text: string, { valid_from: from, valid_to: to }: PeerCertificate): SelfCheck {
  const now = Date.now()
  const ok = Date.parse(from) <= now && now <= Date.parse(to)
  const found = `valid from ${from} to ${to}; the local clock says ${new Date(now).toISOString()}`
  const remedy =
    'If the local clock is right (compare it with date -u on the server), renew the certificate; otherwise set the clock by NTP.'
  const check = { check: `dates of the certificate of ${text}`, ok, found, expected: 'a certificate that is valid now' }
  return ok ? check : { ...check, remedy }
}

function checkTrust(text: string, host: string, certificate: PeerCertificate, distrust: string | null): SelfCheck {
  const names = certificate.subjectaltname ?? certificate.subject?.CN ?? 'an unnamed subject'
  const check = `certificate of ${text}`
  const expected = `one for ${host}, signed by a trusted authority`
  if (distrust === null) return { check, ok: true, found: `for ${names}`, expected }
  const remedy = 'Use the server name in the certificate, and pass the authority that signed it with --tls-ca.'
  return { check, ok: false, found: `for ${names}: ${distrust}`, expected, remedy }
}
