#if Explorer

import Hummingbird

#endif
