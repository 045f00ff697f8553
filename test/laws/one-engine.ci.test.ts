import { describeSessions } from '../suites/session-suite.js'

describeSessions({ short: 100, long: 1200, seed: 19 })
