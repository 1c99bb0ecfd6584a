import '../scss/main.scss'
import { startDialogs } from './dialogs'
import { startDrafts } from './drafts'
import { startForms } from './forms'
import { startHere } from './here'
import { startHtmx } from './hypertext'
import { startIslands } from './islands'
import { startKeys } from './keys'
import { startMenus } from './menus'
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
startSearch()
startKeys()
startIslands()
startHere()
