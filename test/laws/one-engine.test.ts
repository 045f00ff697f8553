import { describeSessions } from '../suites/session-suite.js'

describeSessions({ short: 32, long: 2000, seed: 19, mayMiss: 0.4 })
