import { describeSessions } from '../suites/session-suite.js'

describeSessions({ short: 100, long: 1000, seed: 19 })
