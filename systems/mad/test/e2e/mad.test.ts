import { mad } from './fleet/mad.ts';

// Seven machines; the full shape runs each night

mad({ counts: { api: 2 } });
