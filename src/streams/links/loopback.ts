/**
 * Whether what goes to a host stays within this machine: 127.0.0.0/8, ::1, the same IPv4 addresses within IPv6, and the
 * name `localhost`. Any other name is not, whatever it resolves to: that may change between the question and the use.
 *
 * @param host as in the options of a listener, or as in a URL with its brackets
 */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || isLoopbackV4(host) || isLoopbackV6(host)
}

/** All four numbers, none of them in other bases: `127.1` and `0177.0.0.1` mean different things to different readers. */
function isLoopbackV4(host: string): boolean {
  const parts = host.split('.')
  const isNumber = (part: string) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255
  return parts.length === 4 && parts[0] === '127' && parts.every(isNumber)
}

function isLoopbackV6(host: string): boolean {
  const url = `ws://${host.startsWith('[') ? host : `[${host}]`}`
  if (!/^ws:\/\/\[[0-9a-f:.]+\]$/i.test(url) || !URL.canParse(url)) return false
  // In its shortest form, with IPv4 addresses in hexadecimal digits.
  return /^\[(::1|::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4})\]$/.test(new URL(url).hostname)
}
