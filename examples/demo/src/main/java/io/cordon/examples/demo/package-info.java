/** The main job: what an agent does and what a hostile one tries, each step shown unconfined first. */
@NullMarked
package io.cordon.examples.demo;

import org.jspecify.annotations.NullMarked;
