import { AppError } from '../../protocol/app-error.ts';
import { content, down, up } from '../../protocol/topics.ts';

/**
 * Definitions for `rabbitmqctl import_definitions`: a user without a password for each box, known by the
 * common name of its certificate, who may publish and hear its own topics only. The names are written
 * out: in a pattern with `{username}` a dot in a name would stand for any character. Throws
 * `setup.bad-configuration` for a box that would get the rights of the centres.
 */
export function brokerUsers(boxes: readonly string[], virtualHost = '/') {
  if (boxes.includes(centreUser))
    throw new AppError('setup.bad-configuration', { what: `a box with the name ${centreUser}` });
  return {
    users: boxes.map(box => ({
      name: box,
      password_hash: '',
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: '',
      // One at work, one whose end the broker has not noticed yet, and one to spare.
      limits: { 'max-connections': 3 },
    })),
    permissions: boxes.map(box => {
      const queues = `mqtt-subscription-${literal(box)}(:content)?qos[01]`;
      return {
        user: box,
        vhost: virtualHost,
        configure: `^${queues}$`,
        write: `^(amq\\.topic|${queues})$`,
        read: `^(amq\\.topic|${queues})$`,
      };
    }),
    topic_permissions: boxes.map(box => ({
      user: box,
      vhost: virtualHost,
      exchange: 'amq.topic',
      write: oneOf([...Object.values(up(box)), content(box).up]),
      read: oneOf([...Object.values(down(box)), content(box).down]),
    })),
  };
}

/** The common name of the centres' certificate, as in provisioning/cluster/centre-user.json. */
const centreUser = 'centre';

const literal = (text: string) => text.replaceAll('.', '\\.');
const oneOf = (topics: readonly string[]) =>
  `^(${topics.map(topic => literal(topic.replaceAll('/', '.'))).join('|')})$`;
