import { mad } from '../e2e/fleet/mad.ts';

// Twelve machines: two balancers with one address, two of the API, of the page and of clients, and three of Redis with TLS

mad({ counts: { api: 2, balancer: 2, web: 2, client: 2 }, redis: { tls: true, failover: true } });
