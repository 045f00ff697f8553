import { describeSessions } from '../suites/session-suite.js'

describeSessions({ short: 100, long: 2000, seed: 19 })
