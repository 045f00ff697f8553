import type { JoinCredentials } from '../join-options.js'

/** One right that a user of the server needs. */
export interface SubjectRight {
  /** Who needs it, for what. */
  readonly need: SubjectNeed
  readonly operation: 'publish' | 'subscribe'
  /** `<inbox>`, `<bucket>` and `<request>` stand for what differs. */
  readonly subject: string
  /** Only where something went wrong before. */
  readonly isRare?: true
}

export type SubjectNeed = 'request' | 'reply' | 'lease' | 'make leases' | 'read bucket' | 'write bucket' | 'make bucket'

/** Keys and values under which leases are kept. */
export const LEASE_BUCKET = 'antidrome-leases'

/** The rights that each kind of work needs; the server may refuse everything else. Requests begin with `antidrome.` */
export const SUBJECT_RIGHTS: readonly SubjectRight[] = [
  { need: 'request', operation: 'publish', subject: '<request>' },
  { need: 'request', operation: 'subscribe', subject: '<inbox>.>' },
  { need: 'reply', operation: 'subscribe', subject: '<request>' },
  // Or `allow_responses`.
  { need: 'reply', operation: 'publish', subject: '_INBOX.>' },
  { need: 'lease', operation: 'subscribe', subject: '<inbox>.>' },
  { need: 'lease', operation: 'publish', subject: `$JS.API.STREAM.INFO.KV_${LEASE_BUCKET}` },
  { need: 'lease', operation: 'publish', subject: `$JS.API.STREAM.MSG.GET.KV_${LEASE_BUCKET}` },
  { need: 'lease', operation: 'publish', subject: `$KV.${LEASE_BUCKET}.>` },
  { need: 'make leases', operation: 'publish', subject: `$JS.API.STREAM.CREATE.KV_${LEASE_BUCKET}` },
  { need: 'read bucket', operation: 'subscribe', subject: '<inbox>.>' },
  { need: 'read bucket', operation: 'publish', subject: '$JS.API.STREAM.INFO.OBJ_<bucket>' },
  { need: 'read bucket', operation: 'publish', subject: '$JS.API.STREAM.MSG.GET.OBJ_<bucket>' },
  { need: 'read bucket', operation: 'publish', subject: '$JS.API.CONSUMER.CREATE.OBJ_<bucket>.>' },
  { need: 'read bucket', operation: 'publish', subject: '$JS.API.CONSUMER.DELETE.OBJ_<bucket>.>', isRare: true },
  { need: 'read bucket', operation: 'publish', subject: '$JS.FC.OBJ_<bucket>.>' },
  { need: 'write bucket', operation: 'publish', subject: '$O.<bucket>.>' },
  { need: 'write bucket', operation: 'publish', subject: '$JS.API.STREAM.PURGE.OBJ_<bucket>' },
  { need: 'make bucket', operation: 'publish', subject: '$JS.API.STREAM.CREATE.OBJ_<bucket>' },
]

/**
 * What stands for a user in subjects: its name, the public key of an nkey or of credentials, or without any the name of the
 * connection.
 */
export function userToken(
  credentials: JoinCredentials | undefined,
  publicKey: string | null,
  connection: string,
): string {
  const name = publicKey ?? (credentials !== undefined && 'user' in credentials ? credentials.user : connection)
  return name.replace(/[^\w-]/g, '_') || '_'
}

/** Where replies to a user come, so that no other one may be let to read them. */
export function inboxOf(user: string): string {
  return `_INBOX.${user}`
}
