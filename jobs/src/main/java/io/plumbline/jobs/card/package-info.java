/** Device and node cards: hardware as data. */
package io.plumbline.jobs.card;
