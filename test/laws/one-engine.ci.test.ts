import { describeSessions } from '../suites/session-suite.js'

describeSessions({ short: 100, long: 100, seed: 20, mayMiss: 0.15 })
