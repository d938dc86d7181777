ALTER TABLE "providers" ALTER COLUMN "brake_events" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "providers" ALTER COLUMN "brake_percent" DROP DEFAULT;