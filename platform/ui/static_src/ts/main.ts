import '../scss/main.scss'
import { startDialogs } from './dialogs'
import { startDrafts } from './drafts'
import { startForms } from './forms'
import { startHere } from './here'
import { startHtmx } from './hypertext'
import { startIslands } from './islands'
import { startKeeping } from './keeping'
import { startKeys } from './keys'
import { startLate } from './late'
import { startMenus } from './menus'
import { startPictures } from './pictures'
import { startRegister } from './register'
import { startSearch } from './search'
import { startPrint } from './print'
import { startToasts } from './toasts'

startHtmx()
startDialogs()
startMenus()
startPrint()
startToasts()
startForms()
startRegister()
startDrafts()
startLate()
startPictures()
startSearch()
startKeys()
startIslands()
startHere()
void startKeeping().catch(() => undefined) // a device that keeps nothing is as good as before
