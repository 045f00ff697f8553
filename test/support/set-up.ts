import fc from 'fast-check'
import { isLong } from './cases-of.js'
import './quick-equality.js'

// Short runs draw the same cases every time; long ones draw others, and tell the seed of what they find.
if (!isLong()) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20260 })
