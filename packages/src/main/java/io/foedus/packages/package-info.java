/**
 * What a compute package may be, decided once: the controller looks through an archive before it keeps it, an agent
 * unpacks it, and both refuse the same things with the same words. Archives come from people who are not trusted: names
 * stay inside, only plain files and folders are taken, and what an archive may become is bounded in entries, bytes and
 * ratio, so that no archive costs more than it is allowed to.
 */
@NullMarked
package io.foedus.packages;

import org.jspecify.annotations.NullMarked;
