/** The process that starts commands as the account of a sandbox, and the host's end of it. */
@NullMarked
package io.cordon.sandbox.windows.broker;

import org.jspecify.annotations.NullMarked;
