import { lookup } from 'node:dns/promises'
import type { PeerCertificate } from 'node:tls'
import type { JoinAddress } from '../../../rendezvous/join-address.js'
import type { JoinTls } from '../../../rendezvous/join-options.js'
import type { SelfCheck } from '../self-check.js'
import { probeServer, type ServerProbe } from './probe-server.js'

const OLDEST = { major: 2, minor: 10 } as const

/** What can be known of a server before it knows who asks. */
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
    const remedy = 'Correct the name, or put it into the DNS or /etc/hosts.'
    return { check, ok: false, found: `none (${code})`, expected, remedy }
  }
}

function checkGreeting({ text }: JoinAddress, { info, fault }: ServerProbe, tls: JoinTls | undefined): SelfCheck {
  const check = `server ${text}`
  const expected = 'a NATS server'
  if (info !== null) {
    const { server_name: name } = info
    // One that was given no name has its key for one.
    const found = /^N[A-Z2-7]{55}$/.test(name) ? expected : `${expected}, ${name}`
    return { check, ok: true, found, expected }
  }
  const remedy =
    fault === 'no process listens there'
      ? 'Start it, or see whether a firewall lets its port through.'
      : tls?.first === true
        ? 'See whether it has handshake_first; if not, leave out --tls-first.'
        : 'See what listens there; if it is a NATS server with handshake_first, give --tls-first.'
  return { check, ok: false, found: fault ?? 'nothing', expected, remedy }
}

function checkVersion({ text }: JoinAddress, version: string): SelfCheck {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const ok = major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)
  const expected = `${OLDEST.major}.${OLDEST.minor} or later`
  const check = { check: `version of ${text}`, ok, found: version, expected }
  return ok ? check : { ...check, remedy: 'Update nats-server.' }
}

/** Whether it is needed shows when a lease is to be taken. */
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
    const remedy = 'See whether the server wants a certificate: give --tls-cert and --tls-key.'
    return [{ check, ok: false, found: fault ?? 'no certificate', expected: 'a handshake to its end', remedy }]
  }
  return [checkDates(text, certificate), checkTrust(text, host, certificate, distrust)]
}

/** By our clock, which is shown, as it may be the one that is wrong. */
function checkDates(text: string, { valid_from: from, valid_to: to }: PeerCertificate): SelfCheck {
  const now = Date.now()
  const ok = Date.parse(from) <= now && now <= Date.parse(to)
  const found = `valid from ${from} to ${to}; our clock says ${new Date(now).toISOString()}`
  const remedy =
    'If our clock is right (compare it with date -u at the server), renew the certificate; else set the clock by NTP.'
  const check = { check: `dates of the certificate of ${text}`, ok, found, expected: 'a certificate that is valid now' }
  return ok ? check : { ...check, remedy }
}

function checkTrust(text: string, host: string, certificate: PeerCertificate, distrust: string | null): SelfCheck {
  const names = certificate.subjectaltname ?? certificate.subject?.CN ?? 'nobody'
  const check = `certificate of ${text}`
  const expected = `one for ${host}, signed by an authority that is trusted`
  if (distrust === null) return { check, ok: true, found: `for ${names}`, expected }
  const remedy = 'Name the server as its certificate does, and hand over the authority that signed it with --tls-ca.'
  return { check, ok: false, found: `for ${names}: ${distrust}`, expected, remedy }
}
