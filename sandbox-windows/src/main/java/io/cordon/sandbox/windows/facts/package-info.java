/** Collects from a machine what the planner has to know of it. Nothing is changed here. */
@NullMarked
package io.cordon.sandbox.windows.facts;

import org.jspecify.annotations.NullMarked;
