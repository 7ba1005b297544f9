import type { MessagePage } from '../../../src/web/views/pages/message-pages.ts';

/** Errors, and the ways in and out. */
export const messageSamples = {
  'sign-out question': {
    name: 'sign-out/question',
    action: '/acme/oauth2/logout/confirm',
    hiddenFields: [{ name: 'xsrf', value: 'b1c2d3' }],
    appName: 'Payroll',
  },
  'sign-out question, no app': {
    name: 'sign-out/question',
    action: '/acme/oauth2/logout/confirm',
    hiddenFields: [{ name: 'xsrf', value: 'b1c2d3' }],
  },
  'sign-out done': { name: 'sign-out/done', logonHref: '/acme', appName: 'Payroll' },
  handover: {
    name: 'engine/handover',
    action: 'https://payroll.example.com/callback',
    hiddenFields: [
      { name: 'code', value: 'a1b2c3' },
      { name: 'state', value: 'd4e5f6' },
    ],
  },
  'error, not found': {
    name: 'errors/error',
    heading: 'error.not-found.title',
    message: 'error.not-found',
    actionHref: '/',
    actionLabel: 'common.to-logon-page',
  },
  'error, told by the engine': {
    name: 'errors/error',
    heading: 'error.did-not-work',
    message: { key: 'error.app', values: { error: 'invalid_scope: requested scope is not allowed' } },
    requestId: '4f1c2a9e-6b1d-4c59-9a51-0f5f8f1f7d22',
    actionHref: '/acme',
    actionLabel: 'common.to-your-logon-page',
  },
  'error, unavailable': {
    name: 'errors/error',
    heading: 'error.away.title',
    message: 'error.away',
    requestId: '4f1c2a9e-6b1d-4c59-9a51-0f5f8f1f7d22',
  },
} as const satisfies Record<string, MessagePage>;
