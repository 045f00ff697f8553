import './quick-equality.js'
