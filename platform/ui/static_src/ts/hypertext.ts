import htmx from 'htmx.org'
import { toast } from './toasts'
import { text } from './strings'

declare global {
  interface Window {
    htmx: typeof htmx
  }
}

/** HTMX under a strict CSP: no eval, no inline styles, our token, forms shown again on 422. */
export function startHtmx(): void {
  htmx.config.allowEval = false
  htmx.config.allowScriptTags = false
  htmx.config.includeIndicatorStyles = false
  htmx.config.selfRequestsOnly = true
  htmx.config.historyCacheSize = 0 // pages with children's data are not kept in localStorage
  htmx.config.refreshOnHistoryMiss = true
  htmx.config.defaultFocusScroll = false
  htmx.config.responseHandling = [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true },
    { code: '[45]..', swap: false, error: true },
    { code: '...', swap: false },
  ] as typeof htmx.config.responseHandling
  window.htmx = htmx

  document.addEventListener('htmx:configRequest', (event) => {
    const detail = (event as CustomEvent).detail as { headers: Record<string, string> }
    detail.headers['X-CSRFToken'] = document.body.dataset.csrf ?? ''
  })
  document.addEventListener('htmx:responseError', (event) => {
    const status = ((event as CustomEvent).detail as { xhr: XMLHttpRequest }).xhr.status
    toast(text(status === 401 || status === 403 ? 'signInAgain' : 'serverFailed'), 'danger')
  })
  document.addEventListener('htmx:sendError', () => toast(text('offline'), 'danger'))
}
