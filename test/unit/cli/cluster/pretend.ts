import type { Answer, ClusterAccess } from '../../../../src/model/clusterAccess.ts';

interface Ending {
  /** Codes of the containers, in their order; one that is undefined does not start */
  codes?: readonly (number | undefined)[];
  /** Why the first container waits */
  waiting?: { reason: string; message: string };
  /** Why the Job failed */
  reason?: string;
  /** The cluster's reason to make no pod */
  noPod?: string;
}

/** A cluster of one namespace that runs each Job at once, to the end that is told */
export function pretendCluster(held: Readonly<Record<string, unknown>>, ending: Ending = {}) {
  const objects = new Map<string, unknown>(Object.entries(held));
  const posted: Posted[] = [];
  const removed: string[] = [];
  const jobs = '/apis/batch/v1/namespaces/shop-prod/jobs';
  const pods = '/api/v1/namespaces/shop-prod/pods';
  const { codes = [0], waiting, reason, noPod } = ending;
  const failed = codes.some((code) => code !== 0);

  const podOf = ({ spec }: Posted) => {
    const { containers, initContainers = [] } = spec.template.spec;
    const statuses = [...initContainers, ...containers].map(({ name }, index) => ({
      name,
      state:
        index === 0 && waiting
          ? { waiting }
          : codes[index] === undefined
            ? { waiting: { reason: 'PodInitializing' } }
            : { terminated: { exitCode: codes[index], finishedAt: `2026-01-01T00:00:0${index}Z` } },
    }));
    return { metadata: { name: 'the-pod' }, spec: spec.template.spec, status: { containerStatuses: statuses } };
  };

  function post(object: Posted): Answer {
    const name = object.metadata.name ?? `${object.metadata.generateName}x1`;
    if (objects.has(`${jobs}/${name}`)) return { status: 409, body: {} };
    posted.push(object);
    const conditions = [{ type: failed ? 'Failed' : 'Complete', status: 'True', ...(reason && { reason }) }];
    const made = { ...object, metadata: { ...object.metadata, name, uid: 'uid-1' }, status: { conditions } };
    objects.set(`${jobs}/${name}`, made);
    return { status: 201, body: made };
  }

  function found(path: string): Answer {
    if (path.startsWith(`${pods}?`)) {
      const [last] = posted.slice(-1);
      return { status: 200, body: { items: last && noPod === undefined ? [podOf(last)] : [] } };
    }
    if (path.startsWith(`${pods}/the-pod`)) return { status: 200, body: podOf(posted.at(-1) as Posted) };
    if (path.includes('/events?')) return { status: 200, body: { items: [{ type: 'Warning', message: noPod }] } };
    if (path === jobs) {
      const items = [...objects].flatMap(([at, one]) => (at.startsWith(`${jobs}/`) ? [one] : []));
      return { status: 200, body: { items } };
    }
    const object = objects.get(path);
    return object === undefined
      ? { status: 404, body: { message: `${path} not found` } }
      : { status: 200, body: object };
  }

  const access: ClusterAccess = {
    async ask(path, object, method = object ? 'POST' : 'GET') {
      if (method === 'POST') return post(object as Posted);
      if (method === 'DELETE') {
        const [plain = ''] = path.split('?');
        removed.push(plain);
        objects.delete(plain);
        return { status: 200, body: {} };
      }
      return found(path);
    },
    async follow(path, line) {
      line(`log of ${new URL(path, 'https://x').searchParams.get('container')}`);
      return 200;
    },
  };
  return { access, posted, removed };
}

export interface Posted {
  metadata: { name?: string; generateName?: string; labels: Record<string, string> };
  spec: {
    activeDeadlineSeconds?: number;
    template: {
      metadata: { labels: Record<string, string> };
      spec: { containers: PostedContainer[]; initContainers?: PostedContainer[]; [field: string]: unknown };
    };
  };
}

export interface PostedContainer {
  name: string;
  [field: string]: unknown;
}
