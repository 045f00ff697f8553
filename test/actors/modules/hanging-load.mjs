// A module that never comes to its end as it is loaded.
for (;;);
