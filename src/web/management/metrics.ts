import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** What is counted for operators, in Prometheus' text form. Labels are few and fixed: no name, address or id ever becomes one. */
export interface Metrics {
  /** Notes an answered request: its status class (`2xx`) and how long it took. */
  readonly observeRequest: (status: number, seconds: number) => void;
  /** Notes a try to tell an app of the end of a session. */
  readonly observeLogoutDelivery: (outcome: 'delivered' | 'postponed' | 'failed') => void;
  readonly render: () => Promise<string>;
}

const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'postern_' });
  const requests = new Counter({
    name: 'postern_http_requests_total',
    help: 'Requests answered by the main listener, by status class.',
    labelNames: ['status'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'postern_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer.',
    buckets: secondsBuckets,
    registers: [registry],
  });
  const logouts = new Counter({
    name: 'postern_logout_deliveries_total',
    help: 'Tries to tell apps of the end of a session, by outcome.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  return {
    observeLogoutDelivery: (outcome) => logouts.inc({ outcome }),
    observeRequest: (status, seconds) => {
      requests.inc({ status: `${Math.floor(status / 100)}xx` });
      durations.observe(seconds);
    },
    render: () => registry.metrics(),
  };
}
