/** Starts a confined process: token, job, standard streams, command line, environment block, and the process itself. */
@NullMarked
package io.cordon.sandbox.windows.launch;

import org.jspecify.annotations.NullMarked;
