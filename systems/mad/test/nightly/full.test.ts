import { mad } from '../e2e/fleet/mad.ts';

// Ten machines: two balancers with one address, two of the API, of the page and of clients, and Redis with TLS

mad({ counts: { api: 2, balancer: 2, web: 2, client: 2 }, tls: true });
