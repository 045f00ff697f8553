import { parentPort } from 'node:worker_threads'
import { InternalError } from '../../../../events/errors.js'
import { createCarrier } from '../link-carrier.js'
import { serveRelay } from './serve-relay.js'

// The thread of the sockets of a process. It lives as long as that, or until it is ended.
if (parentPort === null) throw new InternalError('The thread of the links was not started as a worker thread.')
serveRelay(parentPort, createCarrier())
