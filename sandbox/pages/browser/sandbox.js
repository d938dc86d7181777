import { watchDialogs } from './dialog.js'
import { watchDrags } from './drag.js'
import { watchForms } from './form.js'
import { watchKeys } from './keys.js'
import { follow } from './live.js'

// Every page works without this script: it saves reloading, and lets events be dragged.
watchDialogs()
watchForms()
watchDrags()
watchKeys()
follow()
